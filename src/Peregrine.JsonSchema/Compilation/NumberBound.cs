using System.Text;
using Peregrine.JsonSchema.Text;

namespace Peregrine.JsonSchema.Compilation;

/// <summary>A number that a schema names.</summary>
internal sealed class NumberBound
{
    private readonly byte[] _literal;

    public NumberBound(ReadOnlySpan<byte> literal)
    {
        _literal = literal.ToArray();
        IsSmall = JsonNumber.TryGetSmall(literal, out var small);
        Small = small;
    }

    /// <summary>Whether <see cref="Small"/> is the value.</summary>
    public bool IsSmall { get; }

    public long Small { get; }

    public JsonNumber Number => new(_literal);

    /// <summary>As the schema writes it.</summary>
    public string Text => Encoding.UTF8.GetString(_literal);

    /// <summary>Order of a number literal and this number.</summary>
    public int CompareTo(ReadOnlySpan<byte> literal) =>
        IsSmall && JsonNumber.TryGetSmall(literal, out var value) ? value.CompareTo(Small) : JsonNumber.Compare(new JsonNumber(literal), Number);

    /// <summary>Whether a number literal is this number times an integer.</summary>
    public bool Divides(ReadOnlySpan<byte> literal) =>
        IsSmall && JsonNumber.TryGetSmall(literal, out var value) ? value % Small == 0 : new JsonNumber(literal).IsMultipleOf(Number);
}
