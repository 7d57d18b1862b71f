namespace Peregrine.Protocol.JsonRpc;

/// <summary>Why a message is not a valid JSON-RPC message.</summary>
public enum EnvelopeError : byte
{
    /// <summary>It is valid.</summary>
    None,

    /// <summary>Not JSON.</summary>
    InvalidJson,

    /// <summary>Ends in the middle of a value.</summary>
    Truncated,

    /// <summary>Not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>Nested deeper than <see cref="EnvelopeReader.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>A JSON array: a batch, which this receiver does not take.</summary>
    Batch,

    /// <summary>JSON, but not an object.</summary>
    NotAnObject,

    /// <summary>A member occurs twice in the envelope, in params or in _meta.</summary>
    DuplicateMember,

    /// <summary><c>jsonrpc</c> is missing or not "2.0".</summary>
    InvalidVersion,

    /// <summary><c>id</c> is neither a string nor an integer.</summary>
    InvalidId,

    /// <summary><c>id</c> is longer than <see cref="EnvelopeReader.MaxIdLength"/> bytes.</summary>
    IdTooLong,

    /// <summary><c>method</c> is not a string.</summary>
    InvalidMethod,

    /// <summary><c>params</c> is not an object.</summary>
    InvalidParams,

    /// <summary><c>params._meta</c> is not an object.</summary>
    InvalidMeta,

    /// <summary>Neither a request, a notification nor a response: method, result and error are missing or mixed.</summary>
    NoKind,
}
