using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Cli.Serving;

/// <summary>
/// What presets of `peregrine bench` need beyond the sample tools (`peregrine serve --bench`): a tool that tells the subscribers of a resource that it changed, and the four tools of the TM Dev
/// Lab comparison, whose API is served beside them. One for each server.
/// </summary>
internal sealed class BenchTools : IDisposable
{
    private const string Api = "/api/";

    private readonly HttpClient _api = new();
    private PeregrineServer? _server;

    /// <summary>Adds the tools.</summary>
    /// <param name="builder">Takes them.</param>
    /// <param name="apiAddress">Where <see cref="MapApi"/> is reached; null where nothing listens, and then there is no tool that asks it.</param>
    internal void AddTo(PeregrineServerBuilder builder, Func<Uri>? apiAddress)
    {
        builder.Configure(static options => options with { CanSubscribe = static uri => uri.StartsWith("sample://", StringComparison.Ordinal) });
        Add(builder, "touch", "Tells the subscribers of a resource that it changed.", """{"uri":{"type":"string"}}""", "uri", (call, arguments) =>
        {
            _server!.NotifyResourceUpdated(arguments.GetProperty("uri").GetString()!);
            call.ReturnText("told"u8);
            return default;
        });
        Add(builder, "calculate_fibonacci", "Returns a Fibonacci number.", """{"n":{"type":"integer","minimum":0,"maximum":92}}""", "n", static (call, arguments) =>
        {
            call.ReturnText(SampleTools.Fibonacci(arguments.GetProperty("n").GetInt32()).ToString(CultureInfo.InvariantCulture));
            return default;
        });
        Add(builder, "process_json_data", "Returns the data with its texts in capitals.", """{"data":{"type":"object"}}""", "data", static (call, arguments) =>
        {
            call.ReturnText(Capitals(arguments.GetProperty("data")));
            return default;
        });
        Add(builder, "simulate_database_query", "Waits as long as a query would take.", """{"query":{"type":"string"},"delay_ms":{"type":"integer","minimum":0,"maximum":60000}}""", "query", static async (call, arguments) =>
        {
            var wait = arguments.TryGetProperty("delay_ms", out var given) ? given.GetInt32() : 10;
            await Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System, call.CancellationToken).ConfigureAwait(false);
            call.ReturnText($"1 row after {wait} ms");
        });
        if (apiAddress is not null)
        {
            Add(builder, "fetch_external_data", "Gets data of an API.", """{"endpoint":{"type":"string"}}""", "endpoint", async (call, arguments) =>
                call.ReturnText(await _api.GetStringAsync(new Uri(apiAddress(), Api + arguments.GetProperty("endpoint").GetString()!.TrimStart('/')), call.CancellationToken).ConfigureAwait(false)));
        }
    }

    /// <summary>Serves the API that `fetch_external_data` asks.</summary>
    internal static void MapApi(IEndpointRouteBuilder app) =>
        app.MapGet(Api + "{**path}", static (string? path) => Results.Text($$"""{"status":"ok","path":"{{JsonEncodedText.Encode(path ?? "")}}"}""", "application/json"));

    /// <summary>Names the server whose subscribers are told.</summary>
    internal void Serve(PeregrineServer server) => _server = server;

    public void Dispose() => _api.Dispose();

    private static void Add(PeregrineServerBuilder builder, string name, string description, string properties, string required, Func<McpCall, JsonElement, ValueTask> handler) => builder.AddTool(
        new McpToolDefinition
        {
            Name = name,
            Description = description,
            InputSchema = System.Text.Encoding.UTF8.GetBytes($$"""{"type":"object","properties":{{properties}},"required":["{{required}}"]}"""),
        },
        async call =>
        {
            using var arguments = JsonDocument.Parse(call.RawArguments);
            await handler(call, arguments.RootElement).ConfigureAwait(false);
        });

    private static string Capitals(JsonElement data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, data);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString()!.ToUpperInvariant());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
