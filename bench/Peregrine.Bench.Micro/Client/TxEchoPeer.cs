using System.Collections.Concurrent;
using System.Text;
using Peregrine.Client.Json;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Framing;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Transport.Connections;
using Peregrine.Transport.InMemory;

namespace Peregrine.Bench.Micro.Client;

/// <summary>
/// The other end of the workload <c>tx-echo-1000</c>: answers each call at once, refuses each so often first, and keeps a ledger of keys. As little as that takes, so that it is the client that is measured.
/// </summary>
internal sealed class TxEchoPeer
{
    private readonly StreamPair _ends;
    private readonly int _failures;
    private readonly ConcurrentDictionary<string, int> _seen = new();

    internal TxEchoPeer(int failures)
    {
        (var client, _ends) = InMemoryStreams.Create();
        _failures = failures;
        Connection = DuplexConnection.Start(client.Input, client.Output, "echo");
        _ = RunAsync();
    }

    internal DuplexConnection Connection { get; }

    private async Task RunAsync()
    {
        using var framer = new LineFramer(1 << 20);
        using var replies = new PooledByteWriter();
        while (true)
        {
            var count = await _ends.Input.ReadAsync(framer.GetBuffer());
            if (count == 0)
            {
                return;
            }

            framer.Advance(count);
            while (framer.TryRead(out var line) == FrameResult.Line)
            {
                Answer(line, replies);
            }

            await _ends.Output.WriteAsync(replies.WrittenMemory);
            replies.Clear();
        }
    }

    private void Answer(ReadOnlySpan<byte> line, PooledByteWriter replies)
    {
        if (!EnvelopeReader.TryRead(line, out var envelope) || !envelope.Id.IsPresent)
        {
            return;
        }

        replies.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);
        replies.Write(envelope.Id.Of(line));
        if (envelope.Method == McpMethod.Initialize)
        {
            replies.Write(",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"experimental\":{\"mcp_tx\":{\"version\":\"0.1.0\",\"epoch\":\"1\"}}},\"serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}}\n"u8);
            return;
        }

        var message = envelope.Arguments.Of(line);
        if (_failures > 0 && _seen.AddOrUpdate(Encoding.UTF8.GetString(message), 1, static (_, seen) => seen + 1) <= _failures)
        {
            replies.Write(",\"error\":{\"code\":4001,\"message\":\"full\",\"data\":{\"retryable\":true}}}\n"u8);
            return;
        }

        replies.Write(",\"result\":{\"content\":[{\"type\":\"text\",\"text\":"u8);
        replies.Write(ObjectReader.Find(message, "message"u8));
        replies.Write("}]"u8);
        if (!ObjectReader.Find(envelope.Meta.Of(line), "mcp_tx"u8).IsEmpty)
        {
            replies.Write(",\"_meta\":{\"mcp_tx\":{\"ack\":true,\"processed\":true}}"u8);
        }

        replies.Write("}}\n"u8);
    }
}
