using System.Net.Sockets;

namespace Peregrine.Transport.Http.Direct;

/// <summary>
/// Asks a socket for a reply again and again for a moment, before a thread waits for it: a processor that has nothing else to do goes to sleep then, and is woken late. Worth it only where replies come within
/// that moment; each that does not come makes the next so many requests do without. Thread-safe.
/// </summary>
/// <param name="length">The moment; zero for never.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplyPolling(TimeSpan length, TimeProvider time)
{
    // A server that is never so quick costs a moment in so many requests.
    private const int FirstPause = 16;
    private const int LongestPause = 4096;

    // The end for a clock that stands still. An attempt takes more than half a microsecond.
    private const int MostAttempts = 2000;

    private readonly bool _isOn = length > TimeSpan.Zero;
    private readonly long _length = (long)(length.TotalSeconds * time.TimestampFrequency);
    private int _pause;
    private int _left;

    /// <summary>True where the next request should poll.</summary>
    internal bool IsDue => _isOn && (Volatile.Read(ref _left) <= 0 || Interlocked.Decrement(ref _left) < 0);

    /// <summary>Reads what there is to come within the moment.</summary>
    /// <param name="socket">Does not block.</param>
    /// <param name="target">Not empty.</param>
    /// <param name="count">How many bytes; 0 at the end of the connection.</param>
    /// <returns>False where nothing came, or the read failed: it is to be begun in the usual way, which says how.</returns>
    /// <exception cref="ObjectDisposedException">The request was broken off.</exception>
    internal bool TryReceive(Socket socket, Span<byte> target, out int count)
    {
        var end = time.GetTimestamp() + _length;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            count = socket.Receive(target, SocketFlags.None, out var error);
            if (error == SocketError.Success)
            {
                _pause = 0;
                return true;
            }

            if (error != SocketError.WouldBlock || time.GetTimestamp() >= end)
            {
                break;
            }
        }

        count = 0;
        _pause = Math.Clamp(_pause * 2, FirstPause, LongestPause);
        Volatile.Write(ref _left, _pause);
        return false;
    }
}
