using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Interaction.Forms;

namespace Peregrine.Server.Interaction;

/// <summary><c>elicitation/create</c>: with a form (2025-06-18 and later) or an address to open (2025-11-25 and later).</summary>
internal sealed class ElicitQuestion : ClientQuestion<McpElicitAnswer>
{
    private readonly string _message;
    private readonly McpForm? _form;
    private readonly string? _url;
    private readonly string? _id;

    internal ElicitQuestion(string message, McpForm form)
    {
        _message = message;
        _form = form;
    }

    /// <summary>Makes one with an address.</summary>
    /// <param name="message">Why the user should open it.</param>
    /// <param name="url">The address.</param>
    /// <param name="id">What 2025-11-25 calls this question by.</param>
    internal ElicitQuestion(string message, Uri url, string id)
    {
        _message = message;
        _url = url.AbsoluteUri;
        _id = id;
    }

    internal override ReadOnlySpan<byte> Method => "elicitation/create"u8;

    internal override McpMissingCapabilityException? Missing(McpClientCapabilities client, ProtocolVersion version)
    {
        var since = _form is null ? ProtocolVersion.V2025_11_25 : ProtocolVersion.V2025_06_18;
        if (version < since)
        {
            return new McpMissingCapabilityException($"The user cannot be asked: the client speaks {version.ToText()}, which has no such question; {since.ToText()} is the first that has.");
        }

        return _form is null
            ? client.ElicitationUrl ? null
                : new McpMissingCapabilityException("The user cannot be asked: the client has not declared the capability elicitation.url.", "{\"elicitation\":{\"url\":{}}}"u8.ToArray())
            : client.ElicitationForm ? null
                : new McpMissingCapabilityException("The user cannot be asked: the client has not declared the capability elicitation.", "{\"elicitation\":{}}"u8.ToArray());
    }

    internal override void WriteParams(PooledByteWriter writer, ProtocolVersion version)
    {
        writer.WriteByte((byte)'{');
        if (_form is not null)
        {
            if (version >= ProtocolVersion.V2025_11_25)
            {
                writer.Write("\"mode\":\"form\","u8);
            }

            WriteMessage(writer);
            writer.Write(",\"requestedSchema\":"u8);
            writer.Write(_form.Json.Span);
        }
        else
        {
            writer.Write("\"mode\":\"url\","u8);
            WriteMessage(writer);
            writer.Write(",\"url\":"u8);
            JsonStringWriter.WriteString(writer, _url.AsSpan());
            if (version.Era() == ProtocolEra.Session)
            {
                writer.Write(",\"elicitationId\":"u8);
                JsonStringWriter.WriteString(writer, _id.AsSpan());
            }
        }

        writer.WriteByte((byte)'}');
    }

    protected override string? Read(ReadOnlyMemory<byte> json, JsonElement root, out McpElicitAnswer? answer)
    {
        answer = null;
        if (!root.TryGetProperty("action", out var raw) || !FormReader.TryGetText(raw, out var text) || ReadAction(text) is not { } action)
        {
            return "\"action\" must be accept, decline or cancel";
        }

        var content = default(JsonElement);
        if (action == McpElicitAction.Accept && _form is not null)
        {
            if (!root.TryGetProperty("content", out content))
            {
                return "\"content\" is missing";
            }

            if (_form.Judge(content) is { } fault)
            {
                return fault;
            }

            content = content.Clone();
        }

        answer = new McpElicitAnswer(action, json, content);
        return null;
    }

    private static McpElicitAction? ReadAction(string text) => text switch
    {
        "accept" => McpElicitAction.Accept,
        "decline" => McpElicitAction.Decline,
        "cancel" => McpElicitAction.Cancel,
        _ => null,
    };

    private void WriteMessage(PooledByteWriter writer)
    {
        writer.Write("\"message\":"u8);
        JsonStringWriter.WriteString(writer, _message.AsSpan());
    }
}
