using System.Buffers;
using System.IO.Pipelines;

namespace Peregrine.Bench.Floors.Http;

/// <summary>Reads the body, tokenises it once, writes the constant reply with its length.</summary>
internal sealed class FloorEndpoint(ReplyTemplate reply)
{
    /// <summary>One WriteAsync of a pooled buffer: headers, body and flush in one call.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        ReadOnlySequence<byte> message = await ReadBodyAsync(body, context.RequestAborted);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(reply.LengthFor(64));
        (long idStart, int idLength) = FindId(message);
        int length = Answer(message.Slice(idStart, idLength), buffer);
        body.AdvanceTo(message.End);
        SetHeaders(context.Response, length);
        await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>StartAsync, then straight into the server's own buffer; the flush is the one at the end of the request.</summary>
    public async Task SpanAsync(HttpContext context)
    {
        PipeReader body = context.Request.BodyReader;
        ReadOnlySequence<byte> message = await ReadBodyAsync(body, context.RequestAborted);
        (long start, int length) = FindId(message);
        SetHeaders(context.Response, reply.LengthFor(length));
        await context.Response.StartAsync(context.RequestAborted);
        PipeWriter writer = context.Response.BodyWriter;
        writer.Advance(Answer(message.Slice(start, length), writer.GetSpan(reply.LengthFor(length))));
        body.AdvanceTo(message.End);
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadBodyAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (read.IsCompleted)
                return read.Buffer;
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void SetHeaders(HttpResponse response, int length)
    {
        response.ContentType = "application/json";
        response.ContentLength = length;
    }

    private static (long Start, int Length) FindId(in ReadOnlySequence<byte> message)
    {
        byte[] scratch = [];
        ReadOnlySpan<byte> bytes = ReplyTemplate.Contiguous(message, ref scratch);
        if (!ReplyTemplate.TryReadId(bytes, out ReadOnlySpan<byte> id))
            throw new BadHttpRequestException("the message has no id");
        bytes.Overlaps(id, out int start);
        return (start, id.Length);
    }

    private int Answer(in ReadOnlySequence<byte> id, Span<byte> destination)
    {
        byte[] scratch = [];
        return reply.Write(destination, ReplyTemplate.Contiguous(id, ref scratch));
    }
}
