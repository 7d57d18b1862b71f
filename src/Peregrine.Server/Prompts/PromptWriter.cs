using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Content;
using Peregrine.Server.Fronts;

namespace Peregrine.Server.Prompts;

/// <summary>Writes prompts: how they are listed, and what they say. No state.</summary>
internal static class PromptWriter
{
    internal static void WriteDefinition(PooledByteWriter writer, McpPromptDefinition prompt)
    {
        writer.Write("{\"name\":"u8);
        JsonStringWriter.WriteString(writer, prompt.Name.AsSpan());
        JsonMembers.WriteText(writer, ",\"title\":"u8, prompt.Title);
        JsonMembers.WriteText(writer, ",\"description\":"u8, prompt.Description);
        if (prompt.Arguments.Count > 0)
        {
            writer.Write(",\"arguments\":["u8);
            for (var i = 0; i < prompt.Arguments.Count; i++)
            {
                writer.Write(i > 0 ? ",{\"name\":"u8 : "{\"name\":"u8);
                JsonStringWriter.WriteString(writer, prompt.Arguments[i].Name.AsSpan());
                JsonMembers.WriteText(writer, ",\"title\":"u8, prompt.Arguments[i].Title);
                JsonMembers.WriteText(writer, ",\"description\":"u8, prompt.Arguments[i].Description);
                writer.Write(prompt.Arguments[i].Required ? ",\"required\":true}"u8 : "}"u8);
            }

            writer.WriteByte((byte)']');
        }

        JsonMembers.WriteRaw(writer, ",\"icons\":"u8, prompt.Icons);
        JsonMembers.WriteRaw(writer, ",\"_meta\":"u8, prompt.Meta);
        writer.WriteByte((byte)'}');
    }

    /// <summary>Answers with a result.</summary>
    internal static void WriteResult(McpExchange exchange, PeregrineServer server, McpPromptResult result)
    {
        var writer = exchange.BeginResult();
        writer.Write("{\"messages\":["u8);
        for (var i = 0; i < result.Messages.Count; i++)
        {
            var message = result.Messages[i];
            writer.Write(i > 0 ? ",{\"role\":"u8 : "{\"role\":"u8);
            JsonMembers.WriteRole(writer, message.Role);
            writer.Write(",\"content\":"u8);
            ContentWriter.Write(writer, message.Content, exchange.Version);
            writer.WriteByte((byte)'}');
        }

        writer.WriteByte((byte)']');
        JsonMembers.WriteText(writer, ",\"description\":"u8, result.Description);
        if (exchange.Era == ProtocolEra.Stateless)
        {
            writer.Write(server.StatelessResultSuffix);
        }

        writer.WriteByte((byte)'}');
        exchange.EndResult();
    }
}
