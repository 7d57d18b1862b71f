using System.Security.Cryptography;
using System.Text.Json;

namespace Peregrine.Load.Workloads;

/// <summary>The canonical form of a workload: every member that changes what is sent, in a fixed order, defaults included.</summary>
internal static class WorkloadForm
{
    private const int IdBytes = 8;

    internal static string Hash(Workload workload) => Convert.ToHexStringLower(SHA256.HashData(Write(workload)).AsSpan(0, IdBytes));

    internal static byte[] Write(Workload workload)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("name", workload.Name);
            json.WriteStartArray("operations");
            foreach (var operation in workload.Operations)
            {
                WriteOperation(json, operation);
            }

            json.WriteEndArray();
            json.WriteString("order", Lower(workload.Order));
            json.WriteString("session", Lower(workload.Session));
            json.WriteString("connection", Lower(workload.Connection));
            json.WriteStartObject("calls");
            json.WriteNumber("from", workload.MinCalls);
            json.WriteNumber("to", workload.MaxCalls);
            json.WriteEndObject();
            json.WriteNumber("think", workload.ThinkTime.TotalSeconds);
            json.WriteNumber("pause", workload.Pause.TotalSeconds);
            json.WriteNumber("seed", workload.Seed);
            if (workload.Audience is { } audience)
            {
                // Only where there is one: ids of workloads without stay what they were.
                json.WriteStartObject("audience");
                json.WriteString("uri", audience.Uri);
                json.WriteNumber("count", audience.Count);
                json.WriteEndObject();
            }

            json.WriteStartArray("stages");
            foreach (var stage in workload.Stages)
            {
                WriteStage(json, stage);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteOperation(Utf8JsonWriter json, Operation operation)
    {
        json.WriteStartObject();
        json.WriteString("as", operation.Name);
        json.WriteString("method", operation.Kind.ToMethod());
        if (operation.Target is not null)
        {
            json.WriteString(operation.Kind == OperationKind.ReadResource ? "uri" : "name", operation.Target);
        }

        json.WriteNumber("weight", operation.Weight);
        if (operation.Arguments is not null)
        {
            json.WritePropertyName("arguments");
            json.WriteRawValue(Compact(operation.Arguments));
        }

        if (operation.ExpectedText is not null || operation.ExpectedArgument is not null)
        {
            json.WriteStartObject("expect");
            json.WriteString(operation.ExpectedText is not null ? "text" : "argument", operation.ExpectedText ?? operation.ExpectedArgument);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteStage(Utf8JsonWriter json, Stage stage)
    {
        json.WriteStartObject();
        json.WriteNumber("seconds", stage.Duration.TotalSeconds);
        if (stage.Rate is { } rate)
        {
            json.WriteNumber("rate", rate);
        }

        if (stage.Concurrency is { } concurrency)
        {
            json.WriteNumber("concurrency", concurrency);
        }

        json.WriteBoolean("ramp", stage.Ramp);
        json.WriteEndObject();
    }

    // Arguments that differ in blanks alone are the same.
    private static byte[] Compact(string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            document.RootElement.WriteTo(json);
        }

        return stream.ToArray();
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
