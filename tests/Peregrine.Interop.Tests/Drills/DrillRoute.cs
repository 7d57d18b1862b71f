using System.Globalization;

namespace Peregrine.Interop.Tests.Drills;

/// <summary>A tool that the load calls again and again, each time with another text that must come back.</summary>
internal sealed class DrillRoute
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Rarely = TimeSpan.FromMilliseconds(50);

    private long _last;

    private DrillRoute(string name, string tool, int padding, bool isKeyed, TimeSpan pace)
    {
        Pace = pace;
        Name = name;
        Tool = tool;
        Padding = padding;
        IsKeyed = isKeyed;
    }

    internal string Name { get; }

    internal string Tool { get; }

    /// <summary>Calls carry a key, do something that must not be done twice, and are repeated until there is a result.</summary>
    internal bool IsKeyed { get; }

    /// <summary>How often each worker calls it: so rarely that latency is not what a full queue makes of it.</summary>
    internal TimeSpan Pace { get; }

    private int Padding { get; }

    /// <summary>A tool that gives its argument <c>message</c> back, with so many bytes more than needed.</summary>
    internal static DrillRoute Echo(string name, string tool, int padding = 0) => new(name, tool, padding, isKeyed: false, Often);

    /// <summary>A tool that appends its argument <c>key</c> to a file.</summary>
    internal static DrillRoute Append(string name, string tool, bool isRare = false) => new(name, tool, 0, isKeyed: true, isRare ? Rarely : Often);

    /// <summary>A text that no other call has.</summary>
    internal string NextText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Tool}-{Interlocked.Increment(ref _last)}-{(IsKeyed ? Guid.NewGuid().ToString("N") : "")}{new string('x', Padding)}");

    /// <summary>The body of a call.</summary>
    /// <param name="text">A text of its own.</param>
    /// <param name="attempt">How often it was sent before.</param>
    /// <param name="stateless">True for the stateless era.</param>
    /// <param name="hold">Further arguments, raw, each with a comma before it: how long the tool waits.</param>
    internal string Body(string text, int attempt, bool stateless, string hold = "")
    {
        var argument = IsKeyed ? "key" : "message";
        var key = IsKeyed
            ? string.Create(CultureInfo.InvariantCulture, $$"""
                "mcp_tx":{"version":"0.1.0","request_id":"{{text}}","idempotency_key":"{{text}}","expect_ack":true,"retry_count":{{attempt}}}
                """)
            : "";
        var era = stateless
            ? """
                "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}
                """
            : "";
        var meta = string.Join(',', new[] { key, era }.Where(static part => part.Length > 0));
        var members = meta.Length == 0 ? "" : $",\"_meta\":{{{meta}}}";
        return $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{Tool}}","arguments":{"{{argument}}":"{{text}}"{{hold}}}""" + members + "}}";
    }
}
