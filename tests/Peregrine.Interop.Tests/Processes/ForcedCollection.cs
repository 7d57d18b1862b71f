using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>
/// Has another .NET process collect its whole heap, so that what its heap holds afterwards is what it uses: over the diagnostic port of the runtime, where a session that asks for a collection begins with one (dotnet/diagnostics,
/// IPC protocol, CollectTracing2; the keyword is that of heap dumps). Unix.
/// </summary>
internal static class ForcedCollection
{
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 3;
    private const byte Ok = 0;
    private const int HeaderLength = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static async Task RunAsync(int processId)
    {
        // One that was killed leaves its own behind, and its number comes again.
        var path = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{processId}-*-socket").MaxBy(File.GetLastWriteTimeUtc)!;
        using var patience = new CancellationTokenSource(Patience);
        using var session = await SendAsync(path, CollectTracing, CollectPayload(), patience.Token);
        var number = await ReadAnswerAsync(session, patience.Token);
        using var stop = await SendAsync(path, StopTracing, number, patience.Token);
        await session.CopyToAsync(Stream.Null, patience.Token);
        await ReadAnswerAsync(stop, patience.Token);
    }

    // One megabyte of buffer, the format of files, no rundown, one provider without a filter.
    private static byte[] CollectPayload()
    {
        const ulong HeapCollect = 0x800000;
        using var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload);
        writer.Write(1u);
        writer.Write(1u);
        writer.Write((byte)0);
        writer.Write(1u);
        writer.Write(HeapCollect);
        writer.Write(4u);
        WriteText(writer, "Microsoft-Windows-DotNETRuntime");
        writer.Write(0u);
        writer.Flush();
        return payload.ToArray();
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write((uint)text.Length + 1);
        writer.Write(Encoding.Unicode.GetBytes(text + "\0"));
    }

    private static async Task<NetworkStream> SendAsync(string path, byte command, byte[] payload, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        var message = new byte[HeaderLength + payload.Length];
        "DOTNET_IPC_V1\0"u8.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message, HeaderLength);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(message, cancellationToken);
        return stream;
    }

    private static async Task<byte[]> ReadAnswerAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        await stream.ReadExactlyAsync(header, cancellationToken);
        Assert.Equal(Ok, header[17]);
        var payload = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(14)) - HeaderLength];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        return payload;
    }
}
