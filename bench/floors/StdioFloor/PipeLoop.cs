using System.Buffers;
using System.IO.Pipelines;

namespace Peregrine.Bench.Floors.Stdio;

/// <summary>The usual loop: a <see cref="PipeReader"/> over the console's stream, replies flushed once per read.</summary>
internal static class PipeLoop
{
    public static async Task RunAsync(ReplyTemplate reply)
    {
        var input = PipeReader.Create(Console.OpenStandardInput(), new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var output = PipeWriter.Create(Console.OpenStandardOutput(), new StreamPipeWriterOptions(minimumBufferSize: 64 * 1024));
        byte[] scratch = new byte[4096];
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } lineEnd)
            {
                Answer(buffer.Slice(0, lineEnd), reply, output, ref scratch);
                buffer = buffer.Slice(buffer.GetPosition(1, lineEnd));
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            await output.FlushAsync();
            if (read.IsCompleted)
                return;
        }
    }

    private static void Answer(in ReadOnlySequence<byte> line, ReplyTemplate reply, PipeWriter output, ref byte[] scratch)
    {
        if (ReplyTemplate.TryReadId(ReplyTemplate.Contiguous(line, ref scratch), out ReadOnlySpan<byte> id))
            output.Advance(reply.Write(output.GetSpan(reply.LengthFor(id.Length)), id));
    }
}
