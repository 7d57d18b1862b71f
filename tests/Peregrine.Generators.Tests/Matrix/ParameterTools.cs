using System.ComponentModel;
using System.Text.Json.Serialization;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Matrix;

public enum Unit
{
    Celsius,
    Fahrenheit,

    [JsonStringEnumMemberName("absolute scale")]
    Kelvin,

    @default,
}

/// <summary>One tool for each type of parameter. Each returns what it read in a form that tells values apart.</summary>
[McpTools]
public sealed class ParameterTools
{
    [McpTool] public static string TakeString(string value) => $"<{value}>";
    [McpTool] public static bool TakeBool(bool value) => value;
    [McpTool] public static sbyte TakeSByte(sbyte value) => value;
    [McpTool] public static byte TakeByte(byte value) => value;
    [McpTool] public static short TakeInt16(short value) => value;
    [McpTool] public static ushort TakeUInt16(ushort value) => value;
    [McpTool] public static int TakeInt32(int value) => value;
    [McpTool] public static uint TakeUInt32(uint value) => value;
    [McpTool] public static long TakeInt64(long value) => value;
    [McpTool] public static ulong TakeUInt64(ulong value) => value;
    [McpTool] public static float TakeSingle(float value) => value;
    [McpTool] public static double TakeDouble(double value) => value;
    [McpTool] public static decimal TakeDecimal(decimal value) => value;
    [McpTool] public static char TakeChar(char value) => value;
    [McpTool] public static Guid TakeGuid(Guid value) => value;
    [McpTool] public static DateTime TakeDateTime(DateTime value) => value;
    [McpTool] public static DateTimeOffset TakeDateTimeOffset(DateTimeOffset value) => value;
    [McpTool] public static DateOnly TakeDateOnly(DateOnly value) => value;
    [McpTool] public static TimeOnly TakeTimeOnly(TimeOnly value) => value;
    [McpTool] public static TimeSpan TakeTimeSpan(TimeSpan value) => value;
    [McpTool] public static Uri TakeUri(Uri value) => value;
    [McpTool] public static string TakeBytes(byte[] value) => Convert.ToHexString(value);
    [McpTool] public static Unit TakeEnum(Unit value) => value;

    [McpTool] public static string TakeNullableString(string? value) => value ?? "null";
    [McpTool] public static int? TakeNullableInt32(int? value) => value;
    [McpTool] public static Unit? TakeNullableEnum(Unit? value) => value;
    [McpTool] public static Uri? TakeNullableUri(Uri? value) => value;
    [McpTool] public static string TakeNullableBytes(byte[]? value) => value is null ? "null" : Convert.ToHexString(value);

    [McpTool] public static string TakeOptional(string text = "a\"b\\\u2028\n", int number = -3, double ratio = 1e-7, Unit unit = Unit.Kelvin, bool yes = true, char letter = '\'') =>
        FormattableString.Invariant($"{text}|{number}|{ratio}|{unit}|{yes}|{letter}");

    [McpTool] public static string TakeOptionalNullable(string? text = null, int? number = 5, Unit? unit = null, Guid id = default, decimal price = 1.50m, ulong most = ulong.MaxValue, float nan = float.NaN, long least = long.MinValue) =>
        FormattableString.Invariant($"{text ?? "null"}|{number?.ToString() ?? "null"}|{unit?.ToString() ?? "null"}|{id}|{price}|{most}|{nan}|{least}");

    [McpTool] public static string TakeKeywords(string @class, string call, string arguments, string tools, string hasCall, string error, string IOMode, string @default = "d") =>
        string.Join('|', @class, call, arguments, tools, hasCall, error, IOMode, @default);

    [McpTool] public static string TakeTwoEnums(Unit result, DayOfWeek day = DayOfWeek.Friday) => $"{result}|{day}";

    /// <summary>Summary that <see cref="McpToolAttribute"/> hides.</summary>
    [McpTool, Description("Described.")]
    public static string TakeDescribed([Description("From the attribute.")] string first, string second) => first + second;
}
