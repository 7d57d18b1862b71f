using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Bench.Peers.Rows;

namespace Peregrine.Bench.Peers.Reporting;

/// <summary>Everything of one run.</summary>
/// <param name="IsQuick">Whether the windows were too short for a result.</param>
internal sealed record BenchReport(BenchEnvironment Environment, bool IsQuick, IReadOnlyList<RowResult> Rows)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public void WriteJson(string file)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            Directory.CreateDirectory(folder);
        File.WriteAllText(file, JsonSerializer.Serialize(this, s_json) + "\n");
    }
}
