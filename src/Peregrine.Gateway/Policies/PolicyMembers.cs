using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Policies;

/// <summary>The members that policies may have in a configuration file. Reader and JSON schema come from these tables.</summary>
internal static class PolicyMembers
{
    private const double LongestSeconds = 86_400;
    private const double LongestKeptSeconds = 31 * 86_400;

    internal static MemberRule[] Policies { get; } =
    [
        new("defaults", MemberKind.Object, "What holds for every server, for each by itself.") { Definition = "policy" },
        new("servers", MemberKind.Object, "What holds for single servers, by the name that each has in the list of servers. Comes before the defaults.") { ItemDefinition = "policy" },
        new("tiers", MemberKind.Object, "What holds for calls by how long they take (\"tier\"), of all servers together: \"fast\", \"normal\", \"slow\". Comes before what holds for the server.") { ItemDefinition = "policy" },
        new("tools", MemberKind.Object, "What holds for single tools and prompts, by the names that clients use, and for resources, by their URIs; a \"*\" at the end stands for anything. "
            + "Comes before what holds for the tier and the server. Of several that match, the one without a star, else the longest.") { ItemDefinition = "policy" },
        new("cacheBytes", MemberKind.Integer, "How much the results that are kept may take, of all servers together. Default: 67108864.") { Minimum = 4096, Maximum = 1L << 40 },
        new("memoryBytes", MemberKind.Integer, "From how much managed memory on the gateway saves: kept results shrink to a quarter, slow calls are refused; a quarter further on normal ones as well. Default: three quarters of what the process may use.")
        {
            Minimum = MemoryWatch.LeastLimit,
        },
        new("keyWindowSeconds", MemberKind.Number, "How long a client may repeat a call with a key. Default: 300.") { Minimum = 10, Maximum = 7 * 86_400 },
        new("maxKeys", MemberKind.Integer, "How many keys are kept; calls with further ones are refused with error 4003. Default: 131072.") { Minimum = 1, Maximum = 16_777_216 },
    ];

    internal static MemberRule[] Policy { get; } =
    [
        new("timeoutSeconds", MemberKind.Number, "A call not answered in this time, with all its attempts, ends with error 4002 and is cancelled. Default: callTimeoutSeconds of the server.")
        {
            Minimum = 0.001,
            Maximum = LongestSeconds,
        },
        new("rateLimit", MemberKind.Object, "How many calls of all clients together may begin; more are refused with error 4001 and told when to try again. Default: any number.") { Definition = "rateLimit" },
        new("clientRateLimit", MemberKind.Object, "The same for each client by itself: who has signed in, else the address or connection it calls from. Default: any number.") { Definition = "rateLimit" },
        new("maxConcurrentCalls", MemberKind.Integer, "Calls that run at once; more wait (maxQueuedCalls), or are refused with error 4001. Default: any number.") { Minimum = 1, Maximum = 1_000_000 },
        new("maxQueuedCalls", MemberKind.Integer, "Calls that wait where maxConcurrentCalls run. Default: 0.") { Maximum = 1_000_000 },
        new("breaker", MemberKind.Object, "Refuses calls with error 4007 for a while when too many of the last ones have failed. Default: never.") { Definition = "breaker" },
        new("retry", MemberKind.Object, "Tries again what has failed: any call that was not sent, and after that only resources, and tools that only read or are idempotent. Default: never.") { Definition = "retry" },
        new("maxArgumentBytes", MemberKind.Integer, "The longest arguments of a call; longer ones are refused with error 4003. Default: what a message may have.") { Minimum = 1 },
        new("maxResultBytes", MemberKind.Integer, "The longest reply; a longer one is answered with error 4003. Default: what a message may have.") { Minimum = 1 },
        new("cache", MemberKind.Object, "Keeps results of resources and of tools that only read. Default: none.") { Definition = "cache" },
        new("coalesce", MemberKind.Boolean, "True: equal calls that run at the same time are one at the server; only for resources and tools that only read. Default: true where there is a cache, else false."),
        new("invalidates", MemberKind.TextList, "The tags whose results a tool that changes something drops from the cache. Default: all results of its server."),
        new("once", MemberKind.Boolean, "True: a call with a key (_meta.mcp_tx, Idempotency-Key) runs once. A server that keeps keys itself does it, else the gateway. Default: false."),
        new("tier", MemberKind.Text, "How long the calls take: \"fast\", \"normal\" or \"slow\". What \"tiers\" says of it holds for them; where the gateway has too much to do slow calls are refused first, then normal ones. Default: normal, and never refused for that.")
        {
            Allowed = ["fast", "normal", "slow"],
        },
        new("compress", MemberKind.Boolean, "True: replies of 1,024 bytes or more go out compressed (br, gzip) to clients over HTTP that take it. Not for results that have secrets beside text of strangers. Default: false."),
        new("readOnly", MemberKind.Boolean, "Whether the tools only read. Default: what their server says (readOnlyHint)."),
        new("idempotent", MemberKind.Boolean, "Whether calling the tools twice does no more than once. Default: what their server says (idempotentHint)."),
        new("trustHints", MemberKind.Boolean, "False: what the server says of its tools is not believed. Default: true."),
    ];

    internal static MemberRule[] RateLimit { get; } =
    [
        new("perSecond", MemberKind.Number, "Calls a second in the long run.") { AboveMinimum = true, Maximum = 1_000_000 },
        new("burst", MemberKind.Number, "Calls at once after a pause. Default: perSecond, 1 at least.") { Minimum = 1, Maximum = 1_000_000 },
    ];

    internal static MemberRule[] Breaker { get; } =
    [
        new("failureRatio", MemberKind.Number, "The part of failed calls that opens it. Default: 0.5.") { Minimum = 0.01, Maximum = 1 },
        new("minimumCalls", MemberKind.Integer, "How many calls within the window it takes to judge. Default: 20.") { Minimum = 2, Maximum = 1_000_000 },
        new("windowSeconds", MemberKind.Number, "How far back calls are counted. Default: 10.") { Minimum = 0.5, Maximum = 3600 },
        new("breakSeconds", MemberKind.Number, "How long it stays open before one call is let through to see. Default: 5.") { Minimum = 0.5, Maximum = 3600 },
    ];

    internal static MemberRule[] Retry { get; } =
    [
        new("maxAttempts", MemberKind.Integer, "All attempts, the first included. Default: 3.") { Minimum = 1, Maximum = 10 },
        new("delaySeconds", MemberKind.Number, "How long to wait before the second attempt; each further wait is twice as long. Default: 0.1.") { Minimum = 0.001, Maximum = 600 },
        new("maxDelaySeconds", MemberKind.Number, "The longest wait. Default: 5.") { Minimum = 0.001, Maximum = 3600 },
        new("attemptTimeoutSeconds", MemberKind.Number, "How long one attempt may take, so that another can follow. Default: the time of the call.") { Minimum = 0.001, Maximum = 7200 },
        new("budgetRatio", MemberKind.Number, "Retries for each first attempt, in the long run. Default: 0.2.") { Maximum = 10 },
        new("budgetPerSecond", MemberKind.Number, "Retries a second that are allowed however few calls there are. Default: 10.") { Maximum = 10_000 },
    ];

    internal static MemberRule[] Cache { get; } =
    [
        new("seconds", MemberKind.Number, "How long a result is served. Default: as long as the server says (ttlMs), and not at all where it says nothing; where both say something the shorter time holds.")
        {
            AboveMinimum = true,
            Maximum = LongestKeptSeconds,
        },
        new("scope", MemberKind.Text, "\"private\": a result is for the caller it was made for. \"public\": for everybody; what a server calls private stays private. Default: \"private\".")
        {
            Allowed = ["private", "public"],
        },
        new("tags", MemberKind.TextList, "What the results depend on beside their server, for \"invalidates\" of other tools. Default: none."),
        new("staleIfErrorSeconds", MemberKind.Number, "For how long after its time a result may be served where no new one can be had. Default: 0.") { Maximum = LongestKeptSeconds },
    ];

    /// <summary>What the JSON schema calls each table.</summary>
    internal static (string Name, MemberRule[] Rules)[] Definitions { get; } =
        [("policies", Policies), ("policy", Policy), ("rateLimit", RateLimit), ("breaker", Breaker), ("retry", Retry), ("cache", Cache)];
}
