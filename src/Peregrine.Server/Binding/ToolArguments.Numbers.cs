using System.Globalization;
using System.Text.Json;

namespace Peregrine.Server.Binding;

// Numbers. Bounds are inclusive. A number in quotes is refused: the schema says so, and what a policy read must be what the tool gets.
public ref partial struct ToolArguments
{
    /// <summary>Reads an integer of 64 bits; call <see cref="Read(string, ref bool)"/> first. <c>1.0</c> and <c>1e3</c> are integers.</summary>
    public long GetInt64(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (_reader.TokenType == JsonTokenType.Number && TryGetInt64(out var value) && value >= min && value <= max)
        {
            return value;
        }

        return WrongType(name, min == long.MinValue && max == long.MaxValue ? "an integer of 64 bits" : $"an integer from {min} to {max}", 0L);
    }

    /// <summary>Reads an integer of 32 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public int GetInt32(string name, int min = int.MinValue, int max = int.MaxValue) => (int)GetInt64(name, min, max);

    /// <summary>Reads an integer of 16 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public short GetInt16(string name, short min = short.MinValue, short max = short.MaxValue) => (short)GetInt64(name, min, max);

    /// <summary>Reads an integer of 8 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public sbyte GetSByte(string name, sbyte min = sbyte.MinValue, sbyte max = sbyte.MaxValue) => (sbyte)GetInt64(name, min, max);

    /// <summary>Reads an unsigned integer of 8 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public byte GetByte(string name, byte min = byte.MinValue, byte max = byte.MaxValue) => (byte)GetInt64(name, min, max);

    /// <summary>Reads an unsigned integer of 16 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public ushort GetUInt16(string name, ushort min = ushort.MinValue, ushort max = ushort.MaxValue) => (ushort)GetInt64(name, min, max);

    /// <summary>Reads an unsigned integer of 32 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public uint GetUInt32(string name, uint min = uint.MinValue, uint max = uint.MaxValue) => (uint)GetInt64(name, min, max);

    /// <summary>Reads an unsigned integer of 64 bits; call <see cref="Read(string, ref bool)"/> first.</summary>
    public ulong GetUInt64(string name, ulong min = ulong.MinValue, ulong max = ulong.MaxValue)
    {
        if (_reader.TokenType == JsonTokenType.Number && TryGetUInt64(out var value) && value >= min && value <= max)
        {
            return value;
        }

        return WrongType(name, $"an integer from {min} to {max}", 0UL);
    }

    /// <summary>Reads a number; call <see cref="Read(string, ref bool)"/> first. What is too large for a double is refused.</summary>
    public double GetDouble(string name, double min = double.MinValue, double max = double.MaxValue) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value) && value >= min && value <= max
            ? value
            : WrongType(name, Between(min, max, double.MinValue, double.MaxValue), 0d);

    /// <summary>Reads a number of single precision; call <see cref="Read(string, ref bool)"/> first. What is too large for a float is refused.</summary>
    public float GetSingle(string name, float min = float.MinValue, float max = float.MaxValue) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetSingle(out var value) && value >= min && value <= max
            ? value
            : WrongType(name, Between(min, max, float.MinValue, float.MaxValue), 0f);

    /// <summary>Reads a decimal number; call <see cref="Read(string, ref bool)"/> first.</summary>
    public decimal GetDecimal(string name, decimal min = decimal.MinValue, decimal max = decimal.MaxValue) =>
        _reader.TokenType == JsonTokenType.Number && _reader.TryGetDecimal(out var value) && value >= min && value <= max
            ? value
            : WrongType(name, Between(min, max, decimal.MinValue, decimal.MaxValue), 0m);

    private static string Between<T>(T min, T max, T least, T most)
        where T : struct, IComparable<T>, IFormattable
    {
        var bounded = (Below: min.CompareTo(least) > 0, Above: max.CompareTo(most) < 0);
        return bounded switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $"a number of at least {min}"),
            (false, true) => string.Create(CultureInfo.InvariantCulture, $"a number of at most {max}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        };
    }

    // 1.0 and 1e3 are integers in JSON Schema; decimal takes them without loss.
    private readonly bool TryGetInt64(out long value)
    {
        if (_reader.TryGetInt64(out value))
        {
            return true;
        }

        if (_reader.TryGetDecimal(out var wide) && decimal.IsInteger(wide) && wide >= long.MinValue && wide <= long.MaxValue)
        {
            value = (long)wide;
            return true;
        }

        return false;
    }

    private readonly bool TryGetUInt64(out ulong value)
    {
        if (_reader.TryGetUInt64(out value))
        {
            return true;
        }

        if (_reader.TryGetDecimal(out var wide) && decimal.IsInteger(wide) && wide >= 0 && wide <= ulong.MaxValue)
        {
            value = (ulong)wide;
            return true;
        }

        return false;
    }
}
