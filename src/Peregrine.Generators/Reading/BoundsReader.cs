using System.Globalization;
using Microsoft.CodeAnalysis;
using Peregrine.Generators.Models;

namespace Peregrine.Generators.Reading;

/// <summary>Reads the attributes of System.ComponentModel.DataAnnotations that bound a value.</summary>
internal static class BoundsReader
{
    private const string Annotations = "System.ComponentModel.DataAnnotations.";

    /// <summary>Reads the bounds of a parameter or property; what does not apply to its type is named in <paramref name="ignored"/>.</summary>
    /// <param name="member">What carries the attributes.</param>
    /// <param name="parameter">A parameter of a constructor that also may carry some, or null.</param>
    /// <param name="shape">What the value is.</param>
    /// <param name="composites">The types with parts that were read.</param>
    /// <param name="ignored">Receives the names of attributes without effect.</param>
    internal static BoundsModel Read(ISymbol member, IParameterSymbol? parameter, ValueShape shape, IReadOnlyList<CompositeModel> composites, List<string> ignored)
    {
        var bounds = BoundsModel.None;
        var isCollection = shape.Composite is { } key
            && composites.FirstOrDefault(composite => composite.Key == key) is { Kind: CompositeKind.List or CompositeKind.Set or CompositeKind.Dictionary };
        foreach (var attribute in parameter is null ? member.GetAttributes() : member.GetAttributes().AddRange(parameter.GetAttributes()))
        {
            if (attribute.AttributeClass is not { } type || KnownNames.PlainNameOf(type) is not { } name || !name.StartsWith(Annotations, StringComparison.Ordinal))
            {
                continue;
            }

            var next = Apply(bounds, name.Substring(Annotations.Length), attribute, shape, isCollection);
            if (next is null)
            {
                ignored.Add(type.Name.Replace("Attribute", ""));
            }

            bounds = next ?? bounds;
        }

        return bounds;
    }

    /// <summary>The bounds with those of one attribute; null where it does not apply to the type.</summary>
    private static BoundsModel? Apply(BoundsModel bounds, string attribute, AttributeData data, ValueShape shape, bool isCollection)
    {
        var isText = shape.Kind == ShapeKind.String;
        switch (attribute)
        {
            case "RangeAttribute":
                return ApplyRange(bounds, data, shape.Kind);
            case "AllowedValuesAttribute" or "DeniedValuesAttribute":
                return ApplyValues(bounds, data, shape, attribute == "AllowedValuesAttribute");
            case "StringLengthAttribute" or "RegularExpressionAttribute" or "EmailAddressAttribute" or "UrlAttribute" when !isText:
            case "LengthAttribute" or "MinLengthAttribute" or "MaxLengthAttribute" when !isText && !isCollection:
            case "CreditCardAttribute" or "PhoneAttribute" or "FileExtensionsAttribute" or "CompareAttribute" or "CustomValidationAttribute" or "EnumDataTypeAttribute":
                return null;
            case "RequiredAttribute":
                // A required text must have at least one character; that a value is there, its type says.
                return isText && KnownNames.NamedArgument(data, "AllowEmptyStrings") is not true ? bounds with { MinLength = Math.Max(bounds.MinLength ?? 0, 1) } : bounds;
            case "EmailAddressAttribute":
                return bounds with { Format = "email", FormatPattern = "^[^@\r\n]+@[^@\r\n]+$" };
            case "UrlAttribute":
                return bounds with { Format = "uri", FormatPattern = "^([hH][tT][tT][pP][sS]?|[fF][tT][pP])://" };
            case "LengthAttribute":
                return bounds with { MinLength = Length(data, 0), MaxLength = Length(data, 1) };
            case "StringLengthAttribute":
                return bounds with { MinLength = KnownNames.NamedArgument(data, "MinimumLength") as int? ?? bounds.MinLength, MaxLength = Length(data, 0) };
            case "MinLengthAttribute":
                return bounds with { MinLength = Length(data, 0) };
            case "MaxLengthAttribute":
                return bounds with { MaxLength = Length(data, 0) ?? bounds.MaxLength };
            case "RegularExpressionAttribute":
                return KnownNames.OnlyArgumentOf(data) is string pattern ? bounds with { Pattern = Anchor(pattern) } : bounds;
            default:
                return bounds;
        }
    }

    private static BoundsModel? ApplyValues(BoundsModel bounds, AttributeData data, ValueShape shape, bool isAllowed)
    {
        if (data.ConstructorArguments.FirstOrDefault() is not { Kind: TypedConstantKind.Array } list)
        {
            return null;
        }

        // A list without a value that the type could have would allow none, or deny none.
        var values = list.Values.Select(value => DefaultValues.Constant(value.Value, shape)).Where(static value => value is not null).Select(static value => value!).ToArray();
        return values.Length == 0 ? null : isAllowed ? bounds with { Allowed = new(values) } : bounds with { Denied = new(values) };
    }

    // -1 means "no bound" to MaxLength.
    private static int? Length(AttributeData data, int index) =>
        data.ConstructorArguments.Length > index && data.ConstructorArguments[index].Value is int length and >= 0 ? length : null;

    // The attribute wants the whole text to match, JSON Schema any part of it. A dollar behind a backslash is one, and no end.
    private static string Anchor(string pattern) =>
        pattern.StartsWith("^", StringComparison.Ordinal) && pattern.EndsWith("$", StringComparison.Ordinal) && !pattern.EndsWith("\\$", StringComparison.Ordinal) && !pattern.Contains('|')
            ? pattern
            : $"^(?:{pattern})$";

    private static BoundsModel? ApplyRange(BoundsModel bounds, AttributeData data, ShapeKind kind)
    {
        var arguments = data.ConstructorArguments;
        var (low, high) = arguments.Length == 3 ? (arguments[1].Value, arguments[2].Value) : (arguments.ElementAtOrDefault(0).Value, arguments.ElementAtOrDefault(1).Value);
        var isAboveLow = KnownNames.NamedArgument(data, "MinimumIsExclusive") is true;
        var isBelowHigh = KnownNames.NamedArgument(data, "MaximumIsExclusive") is true;
        if (kind is >= ShapeKind.SByte and <= ShapeKind.UInt64)
        {
            return bounds with { Minimum = IntegerBound(low, kind, isAboveLow ? 1 : 0, isLow: true), Maximum = IntegerBound(high, kind, isBelowHigh ? -1 : 0, isLow: false) };
        }

        return kind is ShapeKind.Single or ShapeKind.Double or ShapeKind.Decimal
            ? bounds with { Minimum = NumberBound(low, kind), Maximum = NumberBound(high, kind), IsMinimumExclusive = isAboveLow, IsMaximumExclusive = isBelowHigh }
            : null;
    }

    /// <summary>The nearest integer inside the bound; null where the type's own range says as much.</summary>
    private static string? IntegerBound(object? value, ShapeKind kind, int step, bool isLow)
    {
        if (!TryToDecimal(value, out var bound))
        {
            return null;
        }

        var whole = isLow ? decimal.Ceiling(bound) : decimal.Floor(bound);
        whole += whole == bound ? step : 0;
        var (least, most) = RangeOf(kind);
        return (isLow ? whole > least && whole <= most : whole < most && whole >= least) ? whole.ToString("0", CultureInfo.InvariantCulture) : null;
    }

    private static string? NumberBound(object? value, ShapeKind kind)
    {
        if (kind == ShapeKind.Decimal)
        {
            return TryToDecimal(value, out var exact) ? exact.ToString(CultureInfo.InvariantCulture) : null;
        }

        var number = value switch
        {
            int integer => integer,
            double floating => floating,
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => double.NaN,
        };
        var limit = kind == ShapeKind.Single ? float.MaxValue : double.MaxValue;
        return number > -limit && number < limit ? number.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    private static bool TryToDecimal(object? value, out decimal result)
    {
        result = 0;
        switch (value)
        {
            case int integer:
                result = integer;
                return true;
            case double floating when Math.Abs(floating) < 7.9e27:
                result = (decimal)floating;
                return true;
            case string text:
                return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out result);
            default:
                return false;
        }
    }

    internal static (decimal Least, decimal Most) RangeOf(ShapeKind kind) => kind switch
    {
        ShapeKind.SByte => (sbyte.MinValue, sbyte.MaxValue),
        ShapeKind.Byte => (byte.MinValue, byte.MaxValue),
        ShapeKind.Int16 => (short.MinValue, short.MaxValue),
        ShapeKind.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ShapeKind.Int32 => (int.MinValue, int.MaxValue),
        ShapeKind.UInt32 => (uint.MinValue, uint.MaxValue),
        ShapeKind.Int64 => (long.MinValue, long.MaxValue),
        _ => (ulong.MinValue, ulong.MaxValue),
    };
}
