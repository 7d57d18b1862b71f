using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Client;

namespace Peregrine.Testing.Contracts;

/// <summary>What a server offers, as a text that can be committed and reviewed: tools with their schemas, by name, members in a fixed order.</summary>
public sealed class Contract
{
    private readonly PeregrineClient _client;

    internal Contract(PeregrineClient client) => _client = client;

    /// <summary>The contract as JSON, indented, ending in a line feed.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> ReadAsync(CancellationToken cancellationToken = default)
    {
        var tools = await _client.ListToolsAsync(cancellationToken).ConfigureAwait(false);
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tools");
            foreach (var tool in tools.OrderBy(static tool => tool.Name, StringComparer.Ordinal))
            {
                using var definition = JsonDocument.Parse(tool.Definition);
                WriteSorted(writer, definition.RootElement);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    /// <summary>
    /// Compares the contract with a committed file. Where the environment variable <c>UPDATE_CONTRACTS</c> is 1, or the file does not exist and <c>CI</c> is not true, the file is written instead.
    /// </summary>
    /// <param name="path">The file. A relative path, such as <c>weather.mcp.json</c>, begins beside the test's source file; where that is not on this machine, in the current folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="testFile">The test's source file; given by the compiler.</param>
    /// <exception cref="McpTestException">They differ; the message shows the first difference.</exception>
    public async Task VerifyAsync(string path, CancellationToken cancellationToken = default, [CallerFilePath] string testFile = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Path.IsPathRooted(path) && Path.GetDirectoryName(testFile) is { Length: > 0 } folder && Path.Exists(folder))
        {
            path = Path.Combine(folder, path);
        }

        var found = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var isNew = !Path.Exists(path) && Environment.GetEnvironmentVariable("CI") != "true";
        if (isNew || Environment.GetEnvironmentVariable("UPDATE_CONTRACTS") == "1")
        {
            await ContractFile.WriteAsync(path, found, cancellationToken).ConfigureAwait(false);
            return;
        }

        var wanted = Path.Exists(path)
            ? await ContractFile.ReadAsync(path, cancellationToken).ConfigureAwait(false)
            : throw new McpTestException($"{path} does not exist. Run the test with UPDATE_CONTRACTS=1, and commit the file.");
        if (ContractDifference.Describe(wanted, found) is { } difference)
        {
            throw new McpTestException($"The contract is not the one in {path}. {difference} If the change is meant, run the test with UPDATE_CONTRACTS=1, and commit the file.");
        }
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
