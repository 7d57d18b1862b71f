using System.Text.Json.Serialization;

namespace Peregrine.Load.Workloads;

/// <summary>Serialisation without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class WorkloadJson : JsonSerializerContext;
