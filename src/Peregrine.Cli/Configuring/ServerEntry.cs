using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Configuring;

/// <summary>Writes what a client's file says of one server.</summary>
internal static class ServerEntry
{
    /// <summary>The entry: a JSON object in one line.</summary>
    internal static string Write(Target target, ClientProgram client)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (client.NamesType || target.Endpoint is not null)
            {
                writer.WriteString("type", target.Endpoint is null ? "stdio" : "http");
            }

            if (target.Endpoint is not null)
            {
                writer.WriteString("url", target.Endpoint.ToString());
            }
            else
            {
                writer.WriteString("command", target.Command[0]);
                writer.WriteStartArray("args");
                foreach (var argument in target.Command.Skip(1))
                {
                    writer.WriteStringValue(argument);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()).Replace("\":", "\": ", StringComparison.Ordinal).Replace("\",\"", "\", \"", StringComparison.Ordinal);
    }
}
