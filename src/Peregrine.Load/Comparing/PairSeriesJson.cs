using System.Text.Json.Serialization;

namespace Peregrine.Load.Comparing;

/// <summary>Series as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PairSeries))]
internal sealed partial class PairSeriesJson : JsonSerializerContext;
