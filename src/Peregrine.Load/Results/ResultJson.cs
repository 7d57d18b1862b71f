using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Load.Results;

/// <summary>Results as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LoadResult))]
[JsonSerializable(typeof(IReadOnlyList<LoadResult>))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    internal static byte[] Write(LoadResult result) => JsonSerializer.SerializeToUtf8Bytes(result, Default.LoadResult);
}
