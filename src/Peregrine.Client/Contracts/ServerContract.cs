using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Contracts;

/// <summary>
/// What a server offers, as an artefact that can be committed, reviewed and compared: its tools with their schemas. The committed form is JSON, tools by name and members in a fixed order, so that a change
/// of the server is a small difference of the file. Immutable.
/// </summary>
public sealed class ServerContract
{
    private static readonly JsonWriterOptions Committed = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private ServerContract(IReadOnlyList<ToolContract> tools) => Tools = tools;

    /// <summary>The tools, by name.</summary>
    public IReadOnlyList<ToolContract> Tools { get; }

    /// <summary>Reads a contract: the committed form, a result of <c>tools/list</c>, or an array of tools.</summary>
    /// <param name="utf8">The text, UTF-8; a byte order mark is skipped. Copied.</param>
    /// <exception cref="FormatException">It is none of these; the message says why.</exception>
    public static ServerContract Parse(ReadOnlyMemory<byte> utf8)
    {
        JsonElement root;
        try
        {
            var text = utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
            using var document = JsonDocument.Parse(text);
            root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new FormatException($"It is no JSON: {exception.Message}", exception);
        }

        var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("tools", out var tools) ? tools : root;
        return list.ValueKind == JsonValueKind.Array
            ? Of(list.EnumerateArray())
            : throw new FormatException("It is no contract: expected an object with the member \"tools\", as `peregrine pull` writes it, or an array of tools.");
    }

    /// <summary>Asks a server for its contract.</summary>
    /// <param name="client">The client of the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FormatException">The server's list of tools is faulty.</exception>
    /// <exception cref="PeregrineException">The server does not answer, or refuses.</exception>
    public static async ValueTask<ServerContract> PullAsync(PeregrineClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        List<JsonElement> definitions = [];
        foreach (var tool in await client.ListToolsAsync(cancellationToken).ConfigureAwait(false))
        {
            using var document = JsonDocument.Parse(tool.Definition);
            definitions.Add(document.RootElement.Clone());
        }

        return Of(definitions);
    }

    /// <summary>The committed form: JSON, indented, ending in a line feed.</summary>
    public string ToText()
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Committed))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tools");
            foreach (var tool in Tools)
            {
                WriteSorted(writer, tool.Definition);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)) + "\n";
    }

    private static ServerContract Of(IEnumerable<JsonElement> definitions)
    {
        SortedDictionary<string, ToolContract> tools = new(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            if (definition.ValueKind != JsonValueKind.Object || !definition.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
            {
                throw new FormatException("A tool of it has no name.");
            }

            if (!tools.TryAdd(name.GetString()!, new ToolContract(name.GetString()!, definition)))
            {
                throw new FormatException($"It has the tool \"{name.GetString()}\" twice.");
            }
        }

        return new ServerContract([.. tools.Values]);
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                {
                    WriteSorted(writer, element);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
