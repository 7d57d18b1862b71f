using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Client.Contracts;

/// <summary>Writes schemas without reflection.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ContractJson : JsonSerializerContext;
