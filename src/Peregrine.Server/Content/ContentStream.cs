using System.Buffers;
using Microsoft.Extensions.Logging;
using Peregrine.Execution.Memory;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Content;

/// <summary>
/// A tool's result whose blocks are made while it is sent: the next is asked for when the one before is on its way, so a slow reader slows the tool. A failure on the way ends the result with a block
/// that says so, and <c>isError</c>.
/// </summary>
internal sealed class ContentStream : IResultStream
{
    private readonly IAsyncEnumerator<McpContent> _blocks;
    private readonly McpExchange _exchange;
    private readonly PeregrineServer _server;
    private readonly CancellationTokenSource _stopped;
    private readonly PooledByteWriter _block = new();
    private readonly ProtocolVersion _version;
    private readonly long _maxBlock;
    private string? _fault;
    private bool _begun;
    private bool _isFirst = true;
    private bool _disposed;

    internal ContentStream(IAsyncEnumerable<McpContent> blocks, McpExchange exchange, PeregrineServer server, CancellationToken cancellationToken)
    {
        _exchange = exchange;
        _server = server;
        _version = exchange.Version;
        _maxBlock = server.Memory.Options.MaxStreamBytes;
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _blocks = blocks.GetAsyncEnumerator(_stopped.Token);
    }

    /// <inheritdoc/>
    public long Length => -1;

    /// <summary>True where the result ends with a failure.</summary>
    internal bool HasFailed => Volatile.Read(ref _fault) is not null;

    /// <summary>Ends the result with a failure, ahead of its next block.</summary>
    internal void Fail(string fault) => Volatile.Write(ref _fault, fault);

    /// <inheritdoc/>
    public async ValueTask<bool> WriteNextAsync(IBufferWriter<byte> writer, CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            _begun = true;
            writer.Write("{\"content\":["u8);
        }

        var more = false;
        var gone = cancellationToken.UnsafeRegister(static stopped => ((CancellationTokenSource)stopped!).Cancel(), _stopped);
        await using var registration = gone.ConfigureAwait(false);
        try
        {
            more = Volatile.Read(ref _fault) is null && await _blocks.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _fault = Explain(exception);
        }

        if (more)
        {
            WriteBlock(writer);
        }

        if (more && _fault is null)
        {
            return true;
        }

        WriteEnd(writer);
        return false;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _block.Dispose();
        _ = EndAsync();
    }

    private void WriteBlock(IBufferWriter<byte> writer)
    {
        _block.Clear();
        ContentWriter.Write(_block, _blocks.Current, _version);
        if (_block.Length > _maxBlock)
        {
            _fault = $"resource_exhausted: a block of the result has {_block.Length} bytes; it may have {_maxBlock}";
            return;
        }

        Separate(writer);
        writer.Write(_block.WrittenSpan);
    }

    private void WriteEnd(IBufferWriter<byte> writer)
    {
        if (_fault is not null)
        {
            Separate(writer);
            _block.Clear();
            _block.Write("{\"type\":\"text\",\"text\":"u8);
            JsonStringWriter.WriteString(_block, _fault.AsSpan());
            _block.WriteByte((byte)'}');
            writer.Write(_block.WrittenSpan);
        }

        writer.Write(_fault is null ? "]"u8 : "],\"isError\":true"u8);
        if (_version.Era() == ProtocolEra.Stateless)
        {
            writer.Write(_server.StatelessResultSuffix);
        }

        writer.Write("}"u8);
    }

    private void Separate(IBufferWriter<byte> writer)
    {
        if (!_isFirst)
        {
            writer.Write(","u8);
        }

        _isFirst = false;
    }

    private string Explain(Exception exception)
    {
        if (exception is McpToolException or ResourceExhaustedException)
        {
            return exception.Message;
        }

        return _server.ExplainFailure(_exchange, exception);
    }

    // The tool's own code may wait for something, and learns so that nobody reads any more.
    private async Task EndAsync()
    {
        try
        {
            await _stopped.CancelAsync().ConfigureAwait(false);
            await _blocks.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            ToolLog.EndFailed(_server.Loggers.CreateLogger("Peregrine.Server.Tools"), exception);
        }
        finally
        {
            _stopped.Dispose();
        }
    }
}
