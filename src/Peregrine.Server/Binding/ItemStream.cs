using System.Buffers;
using Peregrine.Protocol.Buffers;
using Peregrine.Protocol.Text;
using Peregrine.Protocol.Versions;
using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Binding;

/// <summary>A tool's result that is written as its items come. A failure on the way becomes the last block, with <c>isError</c> behind it. For one reader.</summary>
internal sealed class ItemStream<T> : IResultStream
{
    private readonly McpCall _call;
    private readonly ItemWriter<T> _writer;
    private readonly PooledByteWriter _piece = new();
    private readonly bool _isStateless;
    private readonly IAsyncEnumerator<T> _items;
    private bool _isBegun;
    private bool _hasItem;

    internal ItemStream(McpCall call, IAsyncEnumerable<T> items, ItemWriter<T> writer)
    {
        _call = call;
        _writer = writer;
        _isStateless = call.Exchange.Era == ProtocolEra.Stateless;
        _items = items.GetAsyncEnumerator(call.CancellationToken);
    }

    public long Length => -1;

    public async ValueTask<bool> WriteNextAsync(IBufferWriter<byte> writer, CancellationToken cancellationToken)
    {
        _piece.Clear();
        if (!_isBegun)
        {
            _piece.Write("{\"content\":["u8);
            _isBegun = true;
        }

        var isOver = true;
        var failed = false;
        var length = _piece.Length;
        try
        {
            if (await _items.MoveNextAsync().ConfigureAwait(false))
            {
                Separate();
                _writer.Write(_piece, null, _items.Current);
                _hasItem = true;
                isOver = false;
            }
        }
        catch (Exception exception)
        {
            _piece.Truncate(length);
            Separate();
            _piece.Write("{\"type\":\"text\",\"text\":"u8);
            JsonStringWriter.WriteString(_piece, ToolFailures.Describe(_call, exception).AsSpan());
            _piece.WriteByte((byte)'}');
            failed = true;
        }

        if (isOver)
        {
            _piece.Write(failed ? "],\"isError\":true"u8 : "]"u8);
            if (_isStateless)
            {
                _piece.Write(_call.Server.StatelessResultSuffix);
            }

            _piece.WriteByte((byte)'}');
        }

        writer.Write(_piece.WrittenSpan);
        return !isOver;
    }

    public void Dispose()
    {
        _piece.Dispose();
        _ = EndAsync();
    }

    private void Separate()
    {
        if (_hasItem)
        {
            _piece.WriteByte((byte)',');
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await _items.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Nobody waits for it any more.
            ToolFailures.NoteAfterEnd(_call.Server, exception);
        }
    }
}
