using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Peregrine.Client.Content;
using Peregrine.Client.Json;
using Peregrine.Client.Reliability;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Text;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Tools;

/// <summary>
/// What a tool answered. It borrows pooled memory: dispose it once read; its bytes must not be used after that. Strings may be kept.
/// </summary>
public sealed class ToolResult : IDisposable
{
    private readonly McpReply _reply;
    private readonly CallRecord? _record;
    private readonly JsonRange _content;
    private readonly JsonRange _structuredContent;

    internal ToolResult(McpReply reply, CallRecord? record)
    {
        _record = record;
        _reply = reply;
        var members = new ObjectReader(reply.Result.Span);
        while (members.Next())
        {
            if (members.Is("content"u8))
            {
                _content = members.Range;
            }
            else if (members.Is("structuredContent"u8))
            {
                _structuredContent = members.Range;
            }
            else if (members.Is("isError"u8))
            {
                IsError = members.Value.SequenceEqual("true"u8);
            }
            else if (members.Is("resultType"u8))
            {
                ResultType = members.Value.SequenceEqual("\"complete\""u8) ? "complete" : JsonText.TryGetString(members.Value, out var type) ? type : "";
            }
        }
    }

    /// <summary>True where the tool failed: its content then says why.</summary>
    public bool IsError { get; }

    /// <summary>
    /// <c>complete</c>, or <c>input_required</c> where the server asks for input before it goes on (stateless era). Servers that name none mean <c>complete</c>.
    /// </summary>
    public string ResultType { get; } = "complete";

    /// <summary>The whole result: a raw JSON object.</summary>
    public ReadOnlyMemory<byte> Raw => _reply.Result;

    /// <summary>The content blocks: a raw JSON array; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Content => _content.Of(Raw);

    /// <summary>The content blocks one by one. Read anew at each look.</summary>
    public IReadOnlyList<ContentPart> Parts => ContentPart.ReadAll(Content);

    /// <summary>The structured content: a raw JSON value; empty where there is none.</summary>
    public ReadOnlyMemory<byte> StructuredContent => _structuredContent.Of(Raw);

    /// <summary>What is known about the call: how often it was tried, and what the server says about it.</summary>
    public CallOutcome Outcome =>
        (_record?.Outcome ?? new CallOutcome { Attempts = 1 }).With(ObjectReader.Find(ObjectReader.Find(Raw.Span, "_meta"u8), "mcp_tx"u8));

    /// <summary>The structured content as a value; where there is none, the text of the answer read as JSON.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="type">How it is read.</param>
    /// <exception cref="JsonException">What came is not that, or there is neither structured content nor JSON in the text.</exception>
    public T? Read<T>(JsonTypeInfo<T> type) =>
        StructuredContent.IsEmpty ? JsonSerializer.Deserialize(GetText(), type) : JsonSerializer.Deserialize(StructuredContent.Span, type);

    /// <summary>The structured content as a document, the caller's to dispose; where there is none, the text of the answer read as JSON.</summary>
    /// <exception cref="JsonException">There is neither structured content nor JSON in the text.</exception>
    public JsonDocument ReadDocument() => StructuredContent.IsEmpty ? JsonDocument.Parse(GetText()) : JsonDocument.Parse(StructuredContent.ToArray());

    /// <summary>Throws where the tool failed.</summary>
    /// <exception cref="ToolFailedException">It failed; the message is what it said.</exception>
    public void ThrowIfFailed()
    {
        if (IsError)
        {
            throw new ToolFailedException(GetText());
        }
    }

    /// <summary>The text of all text blocks, joined by line feeds; empty where there is none.</summary>
    public string GetText()
    {
        string? first = null;
        StringBuilder? all = null;
        var blocks = new ArrayReader(Content.Span);
        while (blocks.Next())
        {
            if (!JsonText.ContentEquals(ObjectReader.Find(blocks.Value, "type"u8), "text"u8)
                || ObjectReader.FindText(blocks.Value, "text"u8) is not { } text)
            {
                continue;
            }

            if (first is null)
            {
                first = text;
                continue;
            }

            all ??= new StringBuilder(first);
            all.Append('\n').Append(text);
        }

        return all?.ToString() ?? first ?? "";
    }

    /// <summary>Gives the memory back. More than once does nothing.</summary>
    public void Dispose() => _reply.Dispose();
}
