using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Content;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

// Results with structured content.
public static partial class ToolResults
{
    // A result is written in one go on one thread, so that one buffer a thread is enough for what is neither nested nor long.
    [ThreadStatic]
    private static PooledByteWriter? _spare;

    /// <summary>Returns a value that generated code writes: once, as structured content and, quoted, as text.</summary>
    /// <param name="call">The call.</param>
    /// <param name="value">The value, not null.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="form">What it is.</param>
    public static void ReturnJson<T>(McpCall call, T value, Action<ToolJson, T> write, ToolResultForm form)
    {
        ArgumentNullException.ThrowIfNull(write);
        var json = _spare ?? new PooledByteWriter();
        _spare = null;
        try
        {
            write(new ToolJson(json, call.Server.Options.Json), value);
            ReturnJson(call, json.WrittenSpan, form);
        }
        finally
        {
            json.Clear();
            _spare = json;
        }
    }

    /// <summary>Returns null where a schema says what there could be.</summary>
    public static void ReturnNull(McpCall call)
    {
        var exchange = call.Exchange;
        ToolResultWriter.Begin(exchange);
        ToolResultWriter.End(exchange, call.Server, isError: false, exchange.Version >= ProtocolVersion.V2025_06_18 ? "{\"result\":null}"u8 : default);
    }

    /// <summary>Returns bytes in base64, or nothing for null.</summary>
    public static void Return(McpCall call, byte[]? value) => Return(call, value is null ? null : Convert.ToBase64String(value));

    /// <summary>Returns the text in rented memory (<see cref="McpCall.RentWriter"/>), UTF-8, or nothing for null.</summary>
    public static void Return(McpCall call, PooledByteWriter? value)
    {
        if (value is null)
        {
            call.ReturnNothing();
        }
        else
        {
            call.ReturnText(value.WrittenSpan);
        }
    }

    /// <summary>Returns one content block, or nothing for null.</summary>
    public static void Return(McpCall call, McpContent? value)
    {
        if (value is null)
        {
            call.ReturnNothing();
        }
        else
        {
            call.ReturnContent(value);
        }
    }

    /// <summary>Returns content blocks, or nothing for null.</summary>
    public static void Return(McpCall call, IEnumerable<McpContent>? value) => call.ReturnContent(value as McpContent[] ?? [.. value ?? []]);

    private static void ReturnJson(McpCall call, ReadOnlySpan<byte> json, ToolResultForm form)
    {
        var exchange = call.Exchange;
        var writer = ToolResultWriter.Begin(exchange);
        writer.Write("{\"type\":\"text\",\"text\":"u8);
        JsonStringWriter.WriteString(writer, json);
        writer.WriteByte((byte)'}');
        if (exchange.Version < ProtocolVersion.V2025_06_18 || (form == ToolResultForm.Any && !JsonText.IsObject(json)))
        {
            ToolResultWriter.End(exchange, call.Server, isError: false);
            return;
        }

        writer.Write(form == ToolResultForm.Wrapped ? "],\"structuredContent\":{\"result\":"u8 : "],\"structuredContent\":"u8);
        writer.Write(json);
        if (form == ToolResultForm.Wrapped)
        {
            writer.WriteByte((byte)'}');
        }

        ToolResultWriter.EndMembers(exchange, call.Server);
    }
}
