using System.Buffers.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;

namespace Peregrine.Protocol.JsonRpc;

/// <summary>Writes JSON-RPC messages around raw parts. Everything raw must be valid JSON already; it is copied as it is.</summary>
public static class JsonRpcWriter
{
    /// <summary>Writes a response up to the place where the result begins. Close it with <see cref="EndResult"/>.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="id">The request's id, raw, as it came.</param>
    public static void BeginResult(PooledByteWriter writer, ReadOnlySpan<byte> id)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        writer.Write(id);
        writer.Write(",\"result\":"u8);
    }

    /// <summary>Closes what <see cref="BeginResult"/> opened.</summary>
    public static void EndResult(PooledByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)'}');
    }

    /// <summary>Writes an error response.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="id">The request's id, raw; empty leaves it out.</param>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">What is wrong and what to do, for a person.</param>
    /// <param name="data">The error's data, raw JSON; empty leaves it out.</param>
    public static void WriteError(PooledByteWriter writer, ReadOnlySpan<byte> id, int code, ReadOnlySpan<char> message, ReadOnlySpan<byte> data = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("{\"jsonrpc\":\"2.0\","u8);
        if (!id.IsEmpty)
        {
            writer.Write("\"id\":"u8);
            writer.Write(id);
            writer.WriteByte((byte)',');
        }

        writer.Write("\"error\":{\"code\":"u8);
        WriteInteger(writer, code);
        writer.Write(",\"message\":"u8);
        JsonStringWriter.WriteString(writer, message);
        if (!data.IsEmpty)
        {
            writer.Write(",\"data\":"u8);
            writer.Write(data);
        }

        writer.Write("}}"u8);
    }

    /// <summary>Writes a request.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="id">The id.</param>
    /// <param name="method">The method's name, plain UTF-8.</param>
    /// <param name="parameters">A raw JSON object; empty leaves <c>params</c> out.</param>
    public static void WriteRequest(PooledByteWriter writer, long id, ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        WriteInteger(writer, id);
        writer.WriteByte((byte)',');
        WriteCall(writer, method, parameters);
    }

    /// <summary>Writes a notification.</summary>
    /// <param name="writer">Receives the bytes.</param>
    /// <param name="method">The method's name, plain UTF-8.</param>
    /// <param name="parameters">A raw JSON object; empty leaves <c>params</c> out.</param>
    public static void WriteNotification(PooledByteWriter writer, ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("{\"jsonrpc\":\"2.0\","u8);
        WriteCall(writer, method, parameters);
    }

    /// <summary>Writes an integer as JSON.</summary>
    public static void WriteInteger(PooledByteWriter writer, long value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _ = Utf8Formatter.TryFormat(value, writer.GetSpan(20), out var written);
        writer.Advance(written);
    }

    private static void WriteCall(PooledByteWriter writer, ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters)
    {
        writer.Write("\"method\":\""u8);
        writer.Write(method);
        writer.WriteByte((byte)'"');
        if (!parameters.IsEmpty)
        {
            writer.Write(",\"params\":"u8);
            writer.Write(parameters);
        }

        writer.WriteByte((byte)'}');
    }
}
