using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Http;

/// <summary>One request that is posted over and over.</summary>
/// <param name="Era">Which headers it carries.</param>
/// <param name="Method">The method in its body.</param>
/// <param name="Name">The tool it names, if it does.</param>
/// <param name="Body">The message.</param>
/// <param name="Check">Throws unless the text is the right reply.</param>
internal sealed record HttpWorkload(Era Era, string Method, string? Name, string Body, Action<string> Check)
{
    /// <summary>The id in the body; one digit, as the size of the floor's reply assumes.</summary>
    public const int RequestId = 1;

    public static HttpWorkload Echo(Era era) =>
        new(era, "tools/call", "echo", Messages.WithId(Messages.EchoTemplate(era), RequestId), reply => Replies.CheckEcho(reply, RequestId));

    public static HttpWorkload List(Era era, int tools) =>
        new(era, "tools/list", null, Messages.List(era, RequestId), reply => Replies.CheckList(reply, RequestId, tools));

    public static string UrlOn(int port) => OriginOn(port) + "/mcp";

    public static string OriginOn(int port) => FormattableString.Invariant($"http://127.0.0.1:{port}");
}
