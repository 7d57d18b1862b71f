namespace Peregrine.Protocol.JsonRpc;

/// <summary>
/// Where the parts of one JSON-RPC message lie, found by <see cref="EnvelopeReader"/> in one pass. Holds offsets, no bytes: it is valid
/// for exactly the message it was read from.
/// </summary>
public struct Envelope
{
    /// <summary>What the message is.</summary>
    public MessageKind Kind { readonly get; internal set; }

    /// <summary>The method, where it is a known one.</summary>
    public McpMethod Method { readonly get; internal set; }

    /// <summary>The first fault found, or <see cref="EnvelopeError.None"/>.</summary>
    public EnvelopeError Fault { readonly get; internal set; }

    /// <summary>Offset of the byte at which the fault was seen.</summary>
    public int FaultOffset { readonly get; internal set; }

    /// <summary>The id, raw (a string with its quotes, or an integer). Present also on a faulty message if it could be read.</summary>
    public JsonRange Id { readonly get; internal set; }

    /// <summary>The method's name, raw.</summary>
    public JsonRange MethodName { readonly get; internal set; }

    /// <summary><c>params</c>, raw.</summary>
    public JsonRange Params { readonly get; internal set; }

    /// <summary><c>result</c>, raw.</summary>
    public JsonRange Result { readonly get; internal set; }

    /// <summary><c>error</c>, raw.</summary>
    public JsonRange Error { readonly get; internal set; }

    /// <summary><c>params.name</c>, raw.</summary>
    public JsonRange Name { readonly get; internal set; }

    /// <summary><c>params.uri</c>, raw.</summary>
    public JsonRange Uri { readonly get; internal set; }

    /// <summary><c>params.cursor</c>, raw.</summary>
    public JsonRange Cursor { readonly get; internal set; }

    /// <summary><c>params.taskId</c>, raw.</summary>
    public JsonRange TaskId { readonly get; internal set; }

    /// <summary><c>params.arguments</c>, raw.</summary>
    public JsonRange Arguments { readonly get; internal set; }

    /// <summary><c>params.requestId</c> (of <c>notifications/cancelled</c>), raw.</summary>
    public JsonRange RequestId { readonly get; internal set; }

    /// <summary><c>params.protocolVersion</c> (of <c>initialize</c>), raw.</summary>
    public JsonRange InitializeVersion { readonly get; internal set; }

    /// <summary><c>params.progressToken</c> (of <c>notifications/progress</c>), raw.</summary>
    public JsonRange NotifiedProgressToken { readonly get; internal set; }

    /// <summary><c>params._meta</c>, raw.</summary>
    public JsonRange Meta { readonly get; internal set; }

    /// <summary><c>params._meta.progressToken</c>, raw.</summary>
    public JsonRange ProgressToken { readonly get; internal set; }

    /// <summary><c>params._meta["io.modelcontextprotocol/protocolVersion"]</c>, raw.</summary>
    public JsonRange MetaVersion { readonly get; internal set; }

    /// <summary><c>params._meta["io.modelcontextprotocol/clientInfo"]</c>, raw.</summary>
    public JsonRange ClientInfo { readonly get; internal set; }

    /// <summary><c>params._meta["io.modelcontextprotocol/clientCapabilities"]</c>, raw.</summary>
    public JsonRange ClientCapabilities { readonly get; internal set; }

    /// <summary><c>params._meta["io.modelcontextprotocol/logLevel"]</c>, raw.</summary>
    public JsonRange LogLevel { readonly get; internal set; }

    /// <summary><c>params._meta.mcp_tx</c>, or <c>rmcp</c> as it was called before, raw.</summary>
    public JsonRange Transaction { readonly get; internal set; }

    /// <summary>True where <c>_meta</c> has one of the members by which a client opens a request of the stateless era.</summary>
    public readonly bool HasStatelessMeta => MetaVersion.IsPresent || ClientCapabilities.IsPresent;
}
