using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Matrix;

[McpTools]
public sealed class HeaderTools
{
    [McpTool] public static string Find([McpRequestHeader("Region")] string region, string other) => region + other;
    [McpTool] public static string Optional([McpRequestHeader("Dry-Run")] bool? dry = null, [McpRequestHeader("Count")] long count = 3) => $"{dry?.ToString() ?? "null"} {count}";
    [McpTool] public static string Choice([McpRequestHeader("Day")] DayOfWeek? day) => day?.ToString() ?? "null";
}
