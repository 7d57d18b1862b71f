using Peregrine.Server.Tools;

namespace Peregrine.Bench.Micro.Caching;

/// <summary>The tool whose results are kept.</summary>
[McpTools]
internal sealed class CachedEchoTools
{
    /// <summary>Returns the message.</summary>
    [McpTool(ReadOnly = true, CacheSeconds = 3600)]
    public static string Echo(string message) => message;
}
