namespace Peregrine.Client.Logging;

/// <summary>Names of log levels on the wire.</summary>
internal static class ServerLogLevels
{
    private static readonly string[] Names = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    internal static string ToText(this ServerLogLevel level) => Names[(int)level];

    internal static bool IsKnown(ServerLogLevel level) => (uint)level < (uint)Names.Length;

    /// <summary>The level of that name; Info for one that no revision knows.</summary>
    internal static ServerLogLevel Parse(string? name) => Array.IndexOf(Names, name) is >= 0 and var index ? (ServerLogLevel)index : ServerLogLevel.Info;
}
