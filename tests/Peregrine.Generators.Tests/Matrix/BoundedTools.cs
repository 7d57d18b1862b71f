using System.ComponentModel.DataAnnotations;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Matrix;

[McpTools]
public sealed class BoundedTools
{
    [McpTool] public static int Int([Range(1, 10)] int value) => value;
    [McpTool] public static int IntExclusive([Range(1, 10, MinimumIsExclusive = true, MaximumIsExclusive = true)] int value) => value;
    [McpTool] public static long IntFractional([Range(0.5, 9.5)] long value) => value;
    [McpTool] public static int IntAtLeast([Range(1, int.MaxValue)] int value) => value;
    [McpTool] public static double Double([Range(0.1, 0.9)] double value) => value;
    [McpTool] public static double DoubleExclusive([Range(0d, 1d, MinimumIsExclusive = true)] double? value = 0.5) => value ?? -1;
    [McpTool] public static double DoubleAtLeast([Range(0, double.MaxValue)] double value) => value;
    [McpTool] public static float Single([Range(0.1, 0.9)] float value) => value;
    [McpTool] public static decimal Decimal([Range(typeof(decimal), "0.01", "79228162514264337593543950334")] decimal value) => value;
    [McpTool] public static string Length([Length(2, 3)] string value) => value;
    [McpTool] public static string StringLength([StringLength(3, MinimumLength = 1)] string value) => value;
    [McpTool] public static string MinMax([MinLength(2), MaxLength(4)] string? value) => value ?? "null";
    [McpTool] public static string AtLeast([MinLength(2)] string value) => value;
    [McpTool] public static string Pattern([RegularExpression("[a-z]+|x")] string value) => value;
    [McpTool] public static string Anchored([RegularExpression("^[a-z]+$")] string value) => value;
    [McpTool] public static string Dollars([RegularExpression(@"^\d+\$")] string value) => value;
}
