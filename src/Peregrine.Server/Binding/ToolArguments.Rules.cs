using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Peregrine.Server.Binding;

// What attributes ask of values beyond their range and length.
public ref partial struct ToolArguments
{
    /// <summary>Reads a number that may stand in quotes; call <see cref="Read(string, ref bool)"/> first.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="takesText">True where it may stand in quotes.</param>
    /// <param name="takesNames">True where it may be one of the texts <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</param>
    public T GetNumber<T>(string name, T min, T max, bool takesText, bool takesNames)
        where T : struct, INumber<T>
    {
        var isText = _reader.TokenType == JsonTokenType.String;
        if (isText && takesNames && !_reader.ValueIsEscaped && TryGetNamed<T>(out var named))
        {
            return named;
        }

        if ((_reader.TokenType == JsonTokenType.Number || (isText && takesText && !_reader.ValueIsEscaped))
            && T.TryParse(_reader.ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            && T.IsFinite(value) && value >= min && value <= max)
        {
            return value;
        }

        return WrongType(name, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}{(takesText ? ", also in quotes" : "")}"), T.Zero);
    }

    /// <summary>Judges a text by a pattern.</summary>
    public void Match(string name, string? value, ToolPattern pattern)
    {
        if (_fault is null && value is not null && !pattern.IsMatch(value))
        {
            Fail(name, $"must match the pattern {pattern.Text}.");
        }
    }

    /// <summary>Judges a value by a list of those that are allowed.</summary>
    public void AllowOnly<T>(string name, T value, scoped ReadOnlySpan<T> allowed)
    {
        if (_fault is null && value is not null && !Contains(allowed, value))
        {
            Fail(name, $"must be one of {List(allowed)}.");
        }
    }

    /// <summary>Judges a value by a list of those that are not allowed.</summary>
    public void Deny<T>(string name, T value, scoped ReadOnlySpan<T> denied)
    {
        if (_fault is null && value is not null && Contains(denied, value))
        {
            Fail(name, $"must be none of {List(denied)}.");
        }
    }

    private readonly bool TryGetNamed<T>(out T value)
        where T : struct, INumber<T>
    {
        var text = _reader.ValueSpan;
        double? named = text.SequenceEqual("NaN"u8) ? double.NaN : text.SequenceEqual("Infinity"u8) ? double.PositiveInfinity : text.SequenceEqual("-Infinity"u8) ? double.NegativeInfinity : null;
        value = named is { } present ? T.CreateTruncating(present) : default;
        return named is not null;
    }

    private static bool Contains<T>(ReadOnlySpan<T> values, T value)
    {
        foreach (var other in values)
        {
            if (EqualityComparer<T>.Default.Equals(other, value))
            {
                return true;
            }
        }

        return false;
    }

    private static string List<T>(ReadOnlySpan<T> values) => string.Join(", ", values.ToArray().Select(static value => Convert.ToString(value, CultureInfo.InvariantCulture)));
}
