using System.Buffers.Text;
using Peregrine.Load.Workloads;
using Peregrine.Protocol.Buffers;

namespace Peregrine.Load.Driving.Calls;

/// <summary>A request as bytes: everything that does not change is formatted once, only id, arguments, session and length are put in. Immutable.</summary>
internal sealed class RequestTemplate
{
    /// <summary>The lowest id: all have ten digits, so that an id can be put in the place of another.</summary>
    internal const int FirstId = 1_000_000_000;

    private const int IdDigits = 10;

    private readonly byte[] _head;
    private readonly byte[] _beforeId;
    private readonly byte[] _afterId;
    private readonly ArgumentTemplate? _arguments;
    private readonly byte[] _end;
    private readonly bool _isHttp;
    private readonly byte[]? _whole;
    private readonly int _idOffset;

    /// <summary>Makes a template.</summary>
    /// <param name="head">Request line and headers of an HTTP request, without length and session; empty for a line.</param>
    /// <param name="beforeId">The message up to the id; the whole message where it has none.</param>
    /// <param name="afterId">What follows the id up to the arguments; null where there is no id.</param>
    /// <param name="arguments">The arguments, or null.</param>
    /// <param name="end">What follows the arguments.</param>
    internal RequestTemplate(byte[] head, byte[] beforeId, byte[]? afterId, ArgumentTemplate? arguments, byte[] end)
    {
        _head = head;
        _isHttp = head.Length > 0;
        _beforeId = beforeId;
        _afterId = afterId ?? [];
        HasId = afterId is not null;
        _arguments = arguments;
        _end = end;
        if (arguments is null || arguments.IsConstant)
        {
            using var writer = new PooledByteWriter();
            using var message = new PooledByteWriter();
            using var expected = new PooledByteWriter();
            var state = new ArgumentState(arguments?.PieceCount ?? 0, new Random(0), 0, 1);
            Compose(writer, message, FirstId, default, state, expected);
            _idOffset = writer.Length - message.Length - (_isHttp ? 0 : 1) + beforeId.Length;
            _whole = writer.WrittenSpan.ToArray();
        }
    }

    internal bool HasId { get; }

    /// <summary>Writes the next request.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="message">A buffer to compose the message in.</param>
    /// <param name="id">The id.</param>
    /// <param name="session">The header line of the session, with its end; empty for none.</param>
    /// <param name="state">The state of the arguments' generators.</param>
    /// <param name="expected">Takes the generated text that the reply must contain, where there is one.</param>
    internal void Write(PooledByteWriter writer, PooledByteWriter message, int id, ReadOnlySpan<byte> session, ArgumentState state, PooledByteWriter expected)
    {
        if (_whole is null || !session.IsEmpty)
        {
            message.Clear();
            Compose(writer, message, id, session, state, expected);
            return;
        }

        var target = writer.GetSpan(_whole.Length);
        _whole.CopyTo(target);
        if (HasId)
        {
            Utf8Formatter.TryFormat(id, target[_idOffset..], out _);
        }

        writer.Advance(_whole.Length);
    }

    private void Compose(PooledByteWriter writer, PooledByteWriter message, int id, ReadOnlySpan<byte> session, ArgumentState state, PooledByteWriter expected)
    {
        message.Write(_beforeId);
        if (HasId)
        {
            WriteNumber(message, id);
        }

        message.Write(_afterId);
        _arguments?.Write(message, state, expected);
        message.Write(_end);
        if (_isHttp)
        {
            writer.Write(_head);
            writer.Write(session);
            writer.Write("Content-Length: "u8);
            WriteNumber(writer, message.Length);
            writer.Write("\r\n\r\n"u8);
        }

        writer.Write(message.WrittenSpan);
        if (!_isHttp)
        {
            writer.WriteByte((byte)'\n');
        }
    }

    private static void WriteNumber(PooledByteWriter writer, int number)
    {
        Utf8Formatter.TryFormat(number, writer.GetSpan(IdDigits), out var written);
        writer.Advance(written);
    }
}
