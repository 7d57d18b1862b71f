using System.Text;
using Microsoft.Extensions.Logging;
using Peregrine.Protocol.Framing;

namespace Peregrine.Transport.Processes;

/// <summary>Reads a child's standard error: hands out its lines and keeps the last ones for error messages. Bounded, whatever the child writes.</summary>
internal sealed class ErrorOutput
{
    private const int KeptLines = 20;
    private const int KeptLineLength = 400;
    private const int MaxLineLength = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new(KeptLines);
    private readonly Stream _stream;
    private readonly string _peer;
    private readonly Action<string>? _onLine;
    private readonly ILogger _logger;

    internal ErrorOutput(Stream stream, string peer, Action<string>? onLine, ILogger logger)
    {
        _stream = stream;
        _peer = peer;
        _onLine = onLine;
        _logger = logger;
    }

    /// <summary>The last lines, oldest first.</summary>
    internal string[] LastLines
    {
        get
        {
            lock (_gate)
            {
                return [.. _last];
            }
        }
    }

    /// <summary>Reads to the end. Never fails.</summary>
    internal async Task ReadAsync()
    {
        using var framer = new LineFramer(MaxLineLength, initialCapacity: 1024);
        try
        {
            int count;
            while ((count = await _stream.ReadAsync(framer.GetBuffer()).ConfigureAwait(false)) != 0)
            {
                framer.Advance(count);
                TakeLines(framer);
            }

            Take(framer.TakeRest());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process is gone, or the connection is being closed.
        }
    }

    private void TakeLines(LineFramer framer)
    {
        FrameResult result;
        while ((result = framer.TryRead(out var line)) != FrameResult.NeedMore)
        {
            Take(result == FrameResult.Line ? line : "(a line too long to show)"u8);
        }
    }

    private void Take(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return;
        }

        var line = Encoding.UTF8.GetString(utf8);
        lock (_gate)
        {
            if (_last.Count == KeptLines)
            {
                _last.Dequeue();
            }

            _last.Enqueue(line.Length > KeptLineLength ? line[..KeptLineLength] + "…" : line);
        }

        try
        {
            ProcessLog.ErrorLine(_logger, _peer, line);
            _onLine?.Invoke(line);
        }
        catch (Exception exception)
        {
            ProcessLog.ErrorCallbackFailed(_logger, exception, _peer);
        }
    }
}
