using Peregrine.JsonSchema.Formats;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>Keywords that judge a value by itself.</summary>
internal sealed partial class NodeReader
{
    private bool ReadValidation(string keyword, int value)
    {
        switch (keyword)
        {
            case "type":
                node.Types = ReadTypes(value);
                return true;
            case "const":
                (node.Values ??= new ValueRules()).Const = value;
                return true;
            case "enum":
                ReadEnum(value);
                return true;
            case "multipleOf":
                Numbers.MultipleOf = Bound(keyword, value);
                if (JsonNumber.Compare(Numbers.MultipleOf.Number, new JsonNumber("0"u8)) <= 0)
                {
                    throw Fault(keyword, "expected a number greater than 0.");
                }

                return true;
            case "minimum":
                Numbers.Minimum = Bound(keyword, value);
                return true;
            case "maximum":
                Numbers.Maximum = Bound(keyword, value);
                return true;
            case "exclusiveMinimum":
                Numbers.ExclusiveMinimum = Bound(keyword, value);
                return true;
            case "exclusiveMaximum":
                Numbers.ExclusiveMaximum = Bound(keyword, value);
                return true;
            case "pattern":
                Strings.Pattern = Pattern(String(keyword, value), keyword);
                return true;
            case "required":
                _required.UnionWith(Names(keyword, value).Select(NameIndex));
                return true;
            case "dependentRequired" when _dialect.Draft > JsonSchemaDraft.Draft7:
                foreach (var (name, token) in Members(keyword, value, "arrays of names"))
                {
                    DependentNames(keyword, name, token);
                }

                return true;
            default:
                return false;
        }
    }

    private bool ReadSizes(string keyword, int value)
    {
        switch (keyword)
        {
            case "minLength":
                Strings.MinLength = Size(keyword, value);
                return true;
            case "maxLength":
                Strings.MaxLength = Size(keyword, value);
                return true;
            case "minItems":
                Arrays.MinItems = Size(keyword, value);
                return true;
            case "maxItems":
                Arrays.MaxItems = Size(keyword, value);
                return true;
            case "uniqueItems":
                if (Text.Tokens[value].Types != JsonTypes.Boolean)
                {
                    throw Fault(keyword, "expected true or false.");
                }

                Arrays.UniqueItems = Text.Tokens[value].True;
                return true;
            case "minContains" when _dialect.Draft > JsonSchemaDraft.Draft7:
                Arrays.MinContains = Size(keyword, value);
                return true;
            case "maxContains" when _dialect.Draft > JsonSchemaDraft.Draft7:
                Arrays.MaxContains = Size(keyword, value);
                return true;
            case "minProperties":
                Objects.MinProperties = Size(keyword, value);
                return true;
            case "maxProperties":
                Objects.MaxProperties = Size(keyword, value);
                return true;
            default:
                return false;
        }
    }

    private bool ReadFormat(string keyword, int value)
    {
        if (keyword != "format" || !(compiler.Options.AssertFormat || _dialect.FormatAssertion))
        {
            return false;
        }

        // A format that nobody knows judges nothing.
        if (StringFormat.Find(String(keyword, value), _dialect.Draft) is { } format)
        {
            Strings.Format = format;
        }

        return true;
    }

    private JsonTypes ReadTypes(int value)
    {
        if (Text.Tokens[value].Types == JsonTypes.String)
        {
            return TypeOf(String("type", value));
        }

        if (Text.Tokens[value].Types != JsonTypes.Array || Text.Tokens[value].Length == 0)
        {
            throw Fault("type", "expected the name of a type or an array of them.");
        }

        var types = JsonTypes.None;
        for (var item = value + 1; item < Text.Tokens[value].Next; item = Text.Tokens[item].Next)
        {
            types |= TypeOf(String("type", item));
        }

        return types;
    }

    private JsonTypes TypeOf(string name) => name switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "object" => JsonTypes.Object,
        "array" => JsonTypes.Array,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "integer" => JsonTypes.Integer,
        _ => throw Fault("type", $"\"{name}\" is no type; expected null, boolean, object, array, number, integer or string."),
    };

    private void ReadEnum(int value)
    {
        if (Text.Tokens[value].Types != JsonTypes.Array)
        {
            throw Fault("enum", "expected an array of values.");
        }

        List<int> tokens = [];
        for (var item = value + 1; item < Text.Tokens[value].Next; item = Text.Tokens[item].Next)
        {
            tokens.Add(item);
        }

        var rules = node.Values ??= new ValueRules();
        rules.Enum = [.. tokens];
        if (tokens.Count > 0 && tokens.TrueForAll(t => Text.Tokens[t].Types == JsonTypes.String))
        {
            Dictionary<string, byte[]> names = new(StringComparer.Ordinal);
            foreach (var token in tokens)
            {
                var bytes = JsonStrings.ToArray(Text.Raw(token), Text.Tokens[token].Escaped);
                names[Convert.ToHexString(bytes)] = bytes;
            }

            rules.EnumStrings = new NameTable([.. names.Values]);
        }
    }

    private NumberBound Bound(string keyword, int value) =>
        (Text.Tokens[value].Types & JsonTypes.Number) != 0 ? new NumberBound(Text.Raw(value)) : throw Fault(keyword, "expected a number.");

    /// <summary>A count: an integer of zero or more, however it is written. What no instance can reach counts as the largest.</summary>
    private long Size(string keyword, int value)
    {
        if ((Text.Tokens[value].Types & JsonTypes.Number) == 0)
        {
            throw Fault(keyword, "expected a whole number of 0 or more.");
        }

        var number = new JsonNumber(Text.Raw(value));
        if (number.IsNegative || !number.IsInteger)
        {
            throw Fault(keyword, "expected a whole number of 0 or more.");
        }

        if (JsonNumber.TryGetSmall(Text.Raw(value), out var size))
        {
            return size;
        }

        return number.DigitCount + number.Exponent > 18 ? long.MaxValue : (long)decimal.Parse(Text.Raw(value), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
    }
}
