namespace Peregrine.Protocol.JsonRpc;

/// <summary>What a JSON-RPC message is, by the members it has.</summary>
public enum MessageKind : byte
{
    /// <summary>Not a valid message.</summary>
    Invalid,

    /// <summary>Has a method and an id: wants an answer.</summary>
    Request,

    /// <summary>Has a method and no id: wants none.</summary>
    Notification,

    /// <summary>Answers a request with a result.</summary>
    Response,

    /// <summary>Answers a request with an error.</summary>
    Error,
}
