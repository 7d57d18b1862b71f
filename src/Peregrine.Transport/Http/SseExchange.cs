using System.IO.Pipelines;
using System.Text;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Headers;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.ServerSentEvents;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Http;

/// <summary>The event stream and the posts of one HTTP+SSE connection, turned into a pair of streams with one message a line.</summary>
internal sealed class SseExchange : IAsyncDisposable
{
    private const int StreamBuffer = 16 * 1024;

    private readonly HttpConnectionOptions _options;
    private readonly HttpSockets _sockets;
    private readonly Pipe _incoming = new(new PipeOptions(useSynchronizationContext: false));
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _closed = new();
    private readonly SseParser _parser;
    private SentRequest? _sent;
    private Stream? _stream;
    private Uri? _address;
    private Task _reading = Task.CompletedTask;

    internal SseExchange(HttpConnectionOptions options)
    {
        _options = options;
        _sockets = options.Sockets ?? new HttpSockets(options.Pool, options.MessageHandler, options.TimeProvider);
        _parser = new SseParser(options.MaxMessageLength);
        Peer = $"{options.Endpoint.Scheme}://{options.Endpoint.Authority}{options.Endpoint.AbsolutePath}";
        Input = _incoming.Reader.AsStream();
        Output = new PostingStream(PostAsync);
    }

    internal string Peer { get; }

    internal Stream Input { get; }

    internal Stream Output { get; }

    internal HttpPoolStatistics Pool => _sockets.Statistics;

    /// <summary>Whose exchange this is: its version goes into the headers.</summary>
    internal McpConnection? Connection { get; set; }

    /// <summary>Opens the stream and reads up to the event that names the address.</summary>
    internal async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var request = Create(HttpMethod.Get, _options.Endpoint);
            request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
            var sent = await _sockets.SendAsync(request, Peer, cancellationToken).ConfigureAwait(false);
            _sent = sent;
            if (!sent.Response.IsSuccessStatusCode)
            {
                throw HttpFailures.Status(sent.Response, default, Peer);
            }

            if (!string.Equals(sent.Response.Content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase))
            {
                throw HttpFailures.InvalidReply(Peer, "what came is no event stream.", sent.Response.StatusCode);
            }

            _stream = await InflatingStream.OpenAsync(sent.Response.Content, Peer, cancellationToken).ConfigureAwait(false);
            await ReadAsync(_stream, stopAtAddress: true, cancellationToken).ConfigureAwait(false);
            if (_address is null)
            {
                throw HttpFailures.InvalidReply(Peer, "its event stream names no address to post to.", sent.Response.StatusCode);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw HttpFailures.Map(exception, Peer);
        }
    }

    internal void StartReading() => _reading = ReadToEndAsync();

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _sent?.Dispose();
        await _reading.ConfigureAwait(false);
        _parser.Dispose();
        await _incoming.Writer.CompleteAsync().ConfigureAwait(false);
        if (_options.Sockets is null)
        {
            _sockets.Dispose();
        }
    }

    private async Task ReadToEndAsync()
    {
        Exception? cause = null;
        try
        {
            await ReadAsync(_stream!, stopAtAddress: false, _closed.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            cause = _closed.IsCancellationRequested ? null : exception;
        }

        await _incoming.Writer.CompleteAsync(cause).ConfigureAwait(false);
    }

    private async ValueTask ReadAsync(Stream stream, bool stopAtAddress, CancellationToken cancellationToken)
    {
        var buffer = new byte[StreamBuffer];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) != 0)
        {
            if (await TakeAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false) && stopAtAddress)
            {
                return;
            }
        }
    }

    // True where the address came.
    private async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var named = Parse(bytes.Span);
            await _incoming.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            return named;
        }
        finally
        {
            _writing.Release();
        }
    }

    private bool Parse(ReadOnlySpan<byte> bytes)
    {
        var named = false;
        while (_parser.TryRead(ref bytes, out var sseEvent))
        {
            if (sseEvent.Type.SequenceEqual("endpoint"u8))
            {
                named |= TryTakeAddress(sseEvent.Data);
            }
            else if (sseEvent.Type.SequenceEqual("message"u8) && !sseEvent.Data.IsEmpty)
            {
                WriteLine(sseEvent.Data);
            }
        }

        return named;
    }

    // Only an address of the same origin: whoever can write on the stream must not send our headers elsewhere.
    private bool TryTakeAddress(ReadOnlySpan<byte> data)
    {
        if (_address is not null || !Uri.TryCreate(_options.Endpoint, Encoding.UTF8.GetString(data).Trim(), out var address))
        {
            return false;
        }

        if (address.Scheme != _options.Endpoint.Scheme || address.Authority != _options.Endpoint.Authority)
        {
            throw new McpTransportException(TransportFault.InvalidReply, $"{Peer} names {address.GetLeftPart(UriPartial.Path)} to post to, which is another origin; nothing was sent there.");
        }

        _address = address;
        return true;
    }

    private void WriteLine(ReadOnlySpan<byte> message)
    {
        var line = _incoming.Writer.GetSpan(message.Length + 1);
        message.CopyTo(line);

        // Data of several lines is one JSON text with line feeds between its tokens.
        line[..message.Length].Replace((byte)'\n', (byte)' ');
        line[message.Length] = (byte)'\n';
        _incoming.Writer.Advance(message.Length + 1);
    }

    private async ValueTask PostAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var content = new PooledContent();
        content.Body.Write(message.Span);
        using var request = Create(HttpMethod.Post, _address!);
        request.Content = content;
        string refusal;
        try
        {
            using var sent = await _sockets.SendAsync(request, Peer, cancellationToken).ConfigureAwait(false);
            if (sent.Response.IsSuccessStatusCode)
            {
                return;
            }

            refusal = $"{Peer} answered HTTP {(int)sent.Response.StatusCode}.";
        }
        catch (HttpRequestException exception)
        {
            throw new IOException(exception.Message, exception);
        }

        await AnswerInPlaceAsync(message, refusal, cancellationToken).ConfigureAwait(false);
    }

    // A refused message gets no answer on the stream, and whoever sent it would wait for ever.
    private async ValueTask AnswerInPlaceAsync(ReadOnlyMemory<byte> message, string refusal, CancellationToken cancellationToken)
    {
        if (!EnvelopeReader.TryRead(message.Span, out var envelope) || envelope.Kind != MessageKind.Request)
        {
            return;
        }

        using var answer = new PooledByteWriter(256);
        JsonRpcWriter.WriteError(answer, envelope.Id.Of(message.Span), ErrorCodes.InternalError, refusal);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            WriteLine(answer.WrittenSpan);
            await _incoming.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private HttpRequestMessage Create(HttpMethod method, Uri address)
    {
        var request = new HttpRequestMessage(method, address) { Version = _options.HttpVersion, VersionPolicy = _options.HttpVersionPolicy };
        if (Connection is { } connection && connection.Version >= ProtocolVersion.V2025_06_18)
        {
            request.Headers.TryAddWithoutValidation(McpHeaderNames.ProtocolVersion, connection.Version.ToText());
        }

        foreach (var (name, value) in _options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
