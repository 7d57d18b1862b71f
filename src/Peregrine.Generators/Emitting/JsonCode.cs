using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators.Models;
using Peregrine.Generators.Reading;

namespace Peregrine.Generators.Emitting;

/// <summary>Writes the code that reads and writes values, and remembers which methods and tables of the class's JSON class it needs.</summary>
internal sealed class JsonCode
{
    private readonly Dictionary<string, CompositeModel> _composites;
    private readonly Dictionary<string, (string Key, ValueShape Shape)> _enums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _patterns = new(StringComparer.Ordinal);
    private readonly NameScope _names = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    internal JsonCode(ToolClassModel model)
    {
        ClassName = model.Name + "Json";
        Composites = model.Composites;
        _composites = model.Composites.ToDictionary(static composite => composite.Key, StringComparer.Ordinal);
    }

    /// <summary>The name of the class that holds the methods.</summary>
    internal string ClassName { get; }

    internal IReadOnlyList<CompositeModel> Composites { get; }

    internal Queue<string> ToRead { get; } = new();

    internal Queue<string> ToWrite { get; } = new();

    internal IEnumerable<(string Key, ValueShape Shape)> Enums => _enums.Values;

    internal IEnumerable<KeyValuePair<string, string>> Patterns => _patterns;

    internal CompositeModel Of(string key) => _composites[key];

    internal CompositeModel? Of(ValueShape? shape) => shape?.Composite is { } key ? _composites[key] : null;

    /// <summary>The expression that reads a value that is not null.</summary>
    /// <param name="shape">What it is.</param>
    /// <param name="name">Its name for errors, in C#.</param>
    /// <param name="bounds">What it must keep to.</param>
    /// <param name="numbers">How numbers may be written.</param>
    internal string Read(ValueShape shape, string name, BoundsModel bounds, NumberForms numbers)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Enum:
                var table = EnumTable(shape);
                return $"arguments.GetEnum<{shape.TypeName}>({name}, {table}Names, {table}Values)";
            case ShapeKind.Composite:
                return ReadComposite(_composites[shape.Composite!], name, bounds);
            case ShapeKind.String when bounds.MinLength is > 0 || bounds.MaxLength is not null:
                return $"arguments.GetString({name}, minLength: {bounds.MinLength ?? 0}, maxLength: {Most(bounds)})";
            case >= ShapeKind.SByte and <= ShapeKind.Decimal when (numbers & (NumberForms.ReadText | NumberForms.Named)) != 0:
                return ReadNumber(shape, name, bounds, numbers);
        }

        var suffix = DefaultValues.Suffix(shape.Kind);
        var min = bounds.Minimum is null ? "" : $", min: {bounds.Minimum}{suffix}";
        var max = bounds.Maximum is null ? "" : $", max: {bounds.Maximum}{suffix}";
        return $"arguments.Get{shape.Kind}({name}{min}{max})";
    }

    /// <summary>The expression that reads a value that may be null, once the reader stands at it.</summary>
    internal string ReadItem(ValueShape shape, bool isNullable, string name) =>
        isNullable && !TakesNull(shape)
            ? $"arguments.IsNull ? ({shape.TypeName}?)null : {Read(shape, name, BoundsModel.None, NumberForms.None)}"
            : Read(shape, name, BoundsModel.None, NumberForms.None);

    /// <summary>Writes the statements that judge a value after it is read.</summary>
    internal void EmitChecks(CodeWriter code, ValueShape shape, bool isNullable, string local, string name, BoundsModel bounds)
    {
        // The reader's bounds are inclusive, so what is left to refuse is the bound itself.
        EmitExclusive(code, shape, local, name, bounds.IsMinimumExclusive ? bounds.Minimum : null, "more");
        EmitExclusive(code, shape, local, name, bounds.IsMaximumExclusive ? bounds.Maximum : null, "less");
        foreach (var pattern in new[] { bounds.Pattern, bounds.FormatPattern }.Where(static pattern => pattern is not null))
        {
            code.Line($"arguments.Match({name}, {local}, {ClassName}.{PatternField(pattern!)});");
        }

        var type = shape.TypeName + (isNullable ? "?" : "");
        if (bounds.Allowed.Count > 0)
        {
            code.Line($"arguments.AllowOnly<{type}>({name}, {local}, [{string.Join(", ", bounds.Allowed.Select(static value => value.Code))}]);");
        }

        if (bounds.Denied.Count > 0)
        {
            code.Line($"arguments.Deny<{type}>({name}, {local}, [{string.Join(", ", bounds.Denied.Select(static value => value.Code))}]);");
        }
    }

    /// <summary>Writes the statements that write a value.</summary>
    /// <param name="code">Receives them.</param>
    /// <param name="shape">What it is.</param>
    /// <param name="isNullable">True where it may be null.</param>
    /// <param name="value">The value, in C#.</param>
    /// <param name="local">A name for a local.</param>
    /// <param name="numbers">How numbers are written.</param>
    internal void EmitWrite(CodeWriter code, ValueShape shape, bool isNullable, string value, string local, NumberForms numbers)
    {
        if (!isNullable || !shape.IsValueType)
        {
            EmitWrite(code, shape, value, numbers);
            return;
        }

        code.Open($"if ({value} is {{ }} {local})");
        EmitWrite(code, shape, local, numbers);
        code.Close();
        code.Open("else");
        code.Line("json.Null();");
        code.Close();
    }

    /// <summary>The name of the fields that hold an enumeration's names and values, without "Names" and "Values".</summary>
    internal string EnumTable(ValueShape shape)
    {
        if (!_enums.TryGetValue(shape.TypeName, out var entry))
        {
            var name = shape.TypeName.Substring(shape.TypeName.LastIndexOfAny(['.', ':']) + 1).TrimStart('@');
            entry = (_names.Take(name), shape);
            _enums.Add(shape.TypeName, entry);
        }

        return $"{ClassName}.{entry.Key}";
    }

    /// <summary>True where null is a value like others.</summary>
    internal static bool TakesNull(ValueShape shape) => shape.Kind is ShapeKind.JsonElement or ShapeKind.Raw;

    /// <summary>The method that reads a class as itself, whatever else it may be.</summary>
    internal string OwnReader(string key)
    {
        Request(key, isRead: true);
        return $"{ClassName}.Read{key}{(_composites[key].Object?.Forms is null ? "" : "Itself")}";
    }

    internal void Request(string key, bool isRead)
    {
        if (_seen.Add((isRead ? "<" : ">") + key))
        {
            (isRead ? ToRead : ToWrite).Enqueue(key);
        }
    }

    internal static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>All names that are known at one place, as one constant: it costs nothing until a name is missing.</summary>
    internal static string Names(IEnumerable<string> names) => Text(string.Join("\n", names)) + "u8";

    private static string Most(BoundsModel bounds) => bounds.MaxLength?.ToString(CultureInfo.InvariantCulture) ?? "int.MaxValue";

    private static string ReadNumber(ValueShape shape, string name, BoundsModel bounds, NumberForms numbers)
    {
        var suffix = DefaultValues.Suffix(shape.Kind);
        var min = bounds.Minimum is null ? $"{shape.TypeName}.MinValue" : bounds.Minimum + suffix;
        var max = bounds.Maximum is null ? $"{shape.TypeName}.MaxValue" : bounds.Maximum + suffix;
        var isNamed = numbers.HasFlag(NumberForms.Named) && shape.Kind is ShapeKind.Single or ShapeKind.Double;
        return $"arguments.GetNumber<{shape.TypeName}>({name}, {min}, {max}, {Flag(numbers.HasFlag(NumberForms.ReadText))}, {Flag(isNamed && numbers.HasFlag(NumberForms.Named))})";
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private string ReadComposite(CompositeModel type, string name, BoundsModel bounds)
    {
        if (type.CannotRead is not null)
        {
            return $"arguments.GetJson<{type.TypeName}>({name}, {type.Context}.Default)";
        }

        Request(type.Key, isRead: true);
        var range = bounds.MinLength is > 0 || bounds.MaxLength is not null ? $", {bounds.MinLength ?? 0}, {Most(bounds)}" : "";
        return $"{ClassName}.Read{type.Key}(ref arguments, {name}{range})";
    }

    private void EmitWrite(CodeWriter code, ValueShape shape, string value, NumberForms numbers)
    {
        var isQuoted = shape.Kind is >= ShapeKind.SByte and <= ShapeKind.Decimal && numbers.HasFlag(NumberForms.WriteText);
        if (isQuoted)
        {
            code.Line("json.Raw(\"\\\"\"u8);");
        }

        code.Line(shape.Kind switch
        {
            ShapeKind.Enum => $"json.Enum({value}, {EnumTable(shape)}Names, {EnumTable(shape)}Values);",
            ShapeKind.Composite => WriteComposite(_composites[shape.Composite!], value),
            (>= ShapeKind.SByte and <= ShapeKind.UInt64) or ShapeKind.Decimal => $"json.Number({value});",
            ShapeKind.Single or ShapeKind.Double when numbers.HasFlag(NumberForms.Named) && !isQuoted => $"json.Value({value}, names: true);",
            _ => $"json.Value({value});",
        });
        if (isQuoted)
        {
            code.Line("json.Raw(\"\\\"\"u8);");
        }
    }

    private string WriteComposite(CompositeModel type, string value)
    {
        if (type.CannotWrite is not null)
        {
            return $"json.Value<{type.TypeName}{(type.IsValueType ? "" : "?")}>({value}, {type.Context}.Default);";
        }

        Request(type.Key, isRead: false);
        return $"{ClassName}.Write{type.Key}(json, {value});";
    }

    private string PatternField(string pattern)
    {
        if (!_patterns.TryGetValue(pattern, out var field))
        {
            field = $"Pattern{_patterns.Count.ToString(CultureInfo.InvariantCulture)}";
            _patterns.Add(pattern, field);
        }

        return field;
    }

    private static void EmitExclusive(CodeWriter code, ValueShape shape, string local, string name, string? bound, string word)
    {
        if (bound is not null)
        {
            code.Open($"if ({local} == {bound}{DefaultValues.Suffix(shape.Kind)})");
            code.Line($"arguments.Refuse({name}, {Text($"must be {word} than {bound}.")});");
            code.Close();
        }
    }
}
