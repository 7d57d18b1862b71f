using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Clients;
using Peregrine.Server.Interaction;
using Peregrine.Server.Interaction.Forms;
using Peregrine.Server.Interaction.State;

namespace Peregrine.Server.Compat.Sampling;

/// <summary><c>sampling/createMessage</c>.</summary>
internal sealed class SamplingQuestion : ClientQuestion<McpSamplingAnswer>
{
    private readonly byte[] _params;
    private readonly bool _hasTools;

    internal SamplingQuestion(McpSamplingRequest request)
    {
        Judge(request);
        _hasTools = !request.Tools.IsEmpty || !request.ToolChoice.IsEmpty;
        _params = Write(request);
    }

    /// <summary>Takes <c>params</c> as they are.</summary>
    /// <exception cref="ArgumentException">They are no JSON object.</exception>
    internal SamplingQuestion(ReadOnlySpan<byte> parameters)
    {
        if (!JsonText.IsObject(parameters) || !CarriedValues.IsJson(parameters))
        {
            throw new ArgumentException("The parameters must be one JSON object.", nameof(parameters));
        }

        using var document = JsonDocument.Parse(parameters.ToArray());
        _hasTools = document.RootElement.TryGetProperty("tools"u8, out _) || document.RootElement.TryGetProperty("toolChoice"u8, out _);
        _params = parameters.ToArray();
    }

    internal override ReadOnlySpan<byte> Method => "sampling/createMessage"u8;

    internal override McpMissingCapabilityException? Missing(McpClientCapabilities client, ProtocolVersion version)
    {
        if (!client.Sampling)
        {
            return new McpMissingCapabilityException("The client's model cannot be asked: the client has not declared the capability sampling.", "{\"sampling\":{}}"u8.ToArray());
        }

        return !_hasTools || client.SamplingTools ? null
            : new McpMissingCapabilityException("The client's model cannot be asked with tools: the client has not declared the capability sampling.tools.",
                "{\"sampling\":{\"tools\":{}}}"u8.ToArray());
    }

    internal override void WriteParams(PooledByteWriter writer, ProtocolVersion version) => writer.Write(_params);

    protected override string? Read(ReadOnlyMemory<byte> json, JsonElement root, out McpSamplingAnswer? answer)
    {
        answer = null;
        if (!root.TryGetProperty("model", out var rawModel) || !FormReader.TryGetText(rawModel, out var model))
        {
            return "\"model\" must be a string";
        }

        if (!root.TryGetProperty("role", out var rawRole) || !FormReader.TryGetText(rawRole, out var role) || role is not ("user" or "assistant"))
        {
            return "\"role\" must be user or assistant";
        }

        if (!root.TryGetProperty("content", out var content) || content.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return "\"content\" must be a content block or an array of them";
        }

        var stopReason = root.TryGetProperty("stopReason", out var rawReason) && FormReader.TryGetText(rawReason, out var reason) ? reason : null;
        answer = new McpSamplingAnswer(json, model, role, stopReason, content.Clone());
        return null;
    }

    private static void Judge(McpSamplingRequest request)
    {
        List<string> faults = [];
        if (request.Messages.Count == 0)
        {
            faults.Add("it has no message");
        }

        if (request.MaxTokens <= 0)
        {
            faults.Add("MaxTokens must be more than zero");
        }

        if (request.Temperature is { } temperature && !double.IsFinite(temperature))
        {
            faults.Add("Temperature must be a finite number");
        }

        if (request.ModelPreferences is { } preferences
            && new[] { preferences.CostPriority, preferences.SpeedPriority, preferences.IntelligencePriority }.Any(static priority => priority is < 0 or > 1 or double.NaN))
        {
            faults.Add("priorities must be from 0 to 1");
        }

        JudgeJson(faults, request.Tools, (byte)'[', "Tools must be a JSON array");
        JudgeJson(faults, request.ToolChoice, (byte)'{', "ToolChoice must be a JSON object");
        JudgeJson(faults, request.Metadata, (byte)'{', "Metadata must be a JSON object");
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The model cannot be asked: {string.Join("; ", faults)}.", nameof(request));
        }
    }

    private static void JudgeJson(List<string> faults, ReadOnlyMemory<byte> json, byte first, string fault)
    {
        if (!json.IsEmpty && (json.Span[0] != first || !CarriedValues.IsJson(json.Span)))
        {
            faults.Add(fault);
        }
    }

    private static byte[] Write(McpSamplingRequest request)
    {
        using var writer = new PooledByteWriter(512);
        writer.Write("{\"messages\":["u8);
        for (var i = 0; i < request.Messages.Count; i++)
        {
            writer.Write(i > 0 ? ",{\"role\":"u8 : "{\"role\":"u8);
            JsonStringWriter.WriteString(writer, request.Messages[i].Role.AsSpan());
            writer.Write(",\"content\":"u8);
            writer.Write(request.Messages[i].Content.Span);
            writer.WriteByte((byte)'}');
        }

        writer.Write("],\"maxTokens\":"u8);
        JsonRpcWriter.WriteInteger(writer, request.MaxTokens);
        if (request.SystemPrompt is { } prompt)
        {
            writer.Write(",\"systemPrompt\":"u8);
            JsonStringWriter.WriteString(writer, prompt.AsSpan());
        }

        WriteNumber(writer, ",\"temperature\":"u8, request.Temperature);
        if (request.StopSequences.Count > 0)
        {
            writer.Write(",\"stopSequences\":["u8);
            WriteList(writer, request.StopSequences, ""u8, ""u8);
            writer.WriteByte((byte)']');
        }

        WritePreferences(writer, request.ModelPreferences);
        WriteRaw(writer, ",\"tools\":"u8, request.Tools);
        WriteRaw(writer, ",\"toolChoice\":"u8, request.ToolChoice);
        WriteRaw(writer, ",\"metadata\":"u8, request.Metadata);
        writer.WriteByte((byte)'}');
        return writer.WrittenSpan.ToArray();
    }

    private static void WritePreferences(PooledByteWriter writer, McpModelPreferences? preferences)
    {
        if (preferences is null)
        {
            return;
        }

        writer.Write(",\"modelPreferences\":{\"hints\":["u8);
        WriteList(writer, preferences.Hints, "{\"name\":"u8, "}"u8);
        writer.WriteByte((byte)']');
        WriteNumber(writer, ",\"costPriority\":"u8, preferences.CostPriority);
        WriteNumber(writer, ",\"speedPriority\":"u8, preferences.SpeedPriority);
        WriteNumber(writer, ",\"intelligencePriority\":"u8, preferences.IntelligencePriority);
        writer.WriteByte((byte)'}');
    }

    private static void WriteList(PooledByteWriter writer, IReadOnlyList<string> texts, ReadOnlySpan<byte> before, ReadOnlySpan<byte> behind)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0)
            {
                writer.WriteByte((byte)',');
            }

            writer.Write(before);
            JsonStringWriter.WriteString(writer, texts[i].AsSpan());
            writer.Write(behind);
        }
    }

    private static void WriteNumber(PooledByteWriter writer, ReadOnlySpan<byte> member, double? value)
    {
        if (value is { } number)
        {
            writer.Write(member);
            writer.Write(Encoding.UTF8.GetBytes(number.ToString("R", CultureInfo.InvariantCulture)));
        }
    }

    private static void WriteRaw(PooledByteWriter writer, ReadOnlySpan<byte> member, ReadOnlyMemory<byte> json)
    {
        if (!json.IsEmpty)
        {
            writer.Write(member);
            writer.Write(json.Span);
        }
    }
}
