using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Bench.Micro.Protocol;

/// <summary>A JSON-RPC message as one would declare it for the serializer, with everything that is not looked at left as an element.</summary>
internal sealed record RpcMessage(
    [property: JsonPropertyName("jsonrpc")] string? Version,
    [property: JsonPropertyName("id")] JsonElement Id,
    [property: JsonPropertyName("method")] string? Method,
    [property: JsonPropertyName("params")] JsonElement Params);

/// <summary>Generated code: the serializer's fast way.</summary>
[JsonSerializable(typeof(RpcMessage))]
internal sealed partial class RpcMessageContext : JsonSerializerContext;
