using Peregrine.Client.Calling;
using Peregrine.Client.Tools;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Pipeline;

/// <summary>
/// One request on its way through the pipeline. What it holds stays valid until the pipeline's task ends, so that a step may send it again. A step that wants
/// something else on the wire sets it before it calls the next one. Used by one call at a time.
/// </summary>
internal sealed class ClientRequest
{
    internal ClientRequest(McpMethod method, RequestSafety safety)
    {
        Method = method;
        Safety = safety;
    }

    /// <summary>The method; Unknown where no revision defines it.</summary>
    internal McpMethod Method { get; }

    /// <summary>The name of a method that no revision defines; empty for all others.</summary>
    internal ReadOnlyMemory<byte> OtherMethod { get; init; }

    /// <summary>The method's name, UTF-8.</summary>
    internal ReadOnlySpan<byte> MethodName => Method == McpMethod.Unknown ? OtherMethod.Span : Method.ToUtf8();

    /// <summary>What it is about: a tool's or prompt's name, a resource's URI; null where it is about none.</summary>
    internal string? Name { get; init; }

    /// <summary><c>params</c> without <c>_meta</c>, in three parts that joined are one JSON object: what comes before the arguments. All empty: no params.</summary>
    internal ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>The arguments of <c>tools/call</c> as one JSON object; for other methods what varies, or empty.</summary>
    internal ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>What comes behind the arguments; in a further round of a call also the answers that the server asked for.</summary>
    internal ReadOnlyMemory<byte> Tail { get; set; }

    /// <summary>Members for <c>params._meta</c>, raw, without braces and trailing comma, besides what the era wants. Empty for none.</summary>
    internal ReadOnlyMemory<byte> Meta { get; set; }

    /// <summary>The tool that is called, where it is known from a list: it says which arguments are repeated in headers, and what it says of itself.</summary>
    internal RemoteTool? Tool { get; set; }

    /// <summary>What is known about sending it twice.</summary>
    internal RequestSafety Safety { get; set; }

    /// <summary>How long one attempt may wait for its reply; zero waits without bound.</summary>
    internal TimeSpan Timeout { get; set; }

    /// <summary>How far progress may move the end of that wait, from its start, and after what time no attempt is begun; zero moves nothing.</summary>
    internal TimeSpan MaxTimeout { get; set; }

    /// <summary>Takes progress reports; null asks for none. A step may put its own in front.</summary>
    internal NotificationCallback? OnProgress { get; set; }

    /// <summary>Takes other notifications that belong to the request, where the transport can tell; null hands them to the client.</summary>
    internal NotificationCallback? OnNotification { get; init; }

    /// <summary>What the caller asked for; null where nothing.</summary>
    internal CallOptions? Options { get; init; }

    /// <summary>
    /// Which round of a call this is: 0 the first, more where the server asked for input and the call goes on with the answers (stateless era). All rounds are one
    /// <see cref="ClientRequest"/>, so what steps have kept here lasts for all of them.
    /// </summary>
    internal int Round { get; set; }

    /// <summary>What the reliability steps keep about the call, and report with its result. Nothing else touches it.</summary>
    internal object? State { get; set; }
}
