using System.Net.Sockets;

namespace Peregrine.Load.Driving.Polling;

/// <summary>The set for systems without epoll: correct, and slower with many connections. Takes sockets only.</summary>
internal sealed class SelectSet : PollSet
{
    // Another look at what wants to be written comes after this time at the latest.
    private const long LongestWait = 50 * RunClock.Millisecond;

    private readonly Dictionary<int, (Socket Socket, bool Write)> _sockets = [];
    private readonly List<Socket> _readable = [];
    private readonly List<Socket> _writable = [];
    private readonly List<Socket> _failed = [];

    internal override void Add(int descriptor, Socket? socket, int token, bool write) =>
        _sockets[token] = (socket ?? throw new PlatformNotSupportedException("Measuring a command needs Linux; start the server yourself and give its URL."), write);

    internal override void Change(int descriptor, Socket? socket, int token, bool write) => Add(descriptor, socket, token, write);

    internal override void Remove(int descriptor, int token) => _sockets.Remove(token);

    internal override int Wait(long nanoseconds, Span<PollEvent> events)
    {
        if (_sockets.Count == 0)
        {
            // Select takes no empty lists.
            using var nothing = new ManualResetEventSlim();
            nothing.Wait(TimeSpan.FromMicroseconds(Math.Min(nanoseconds, LongestWait) / 1000.0));
            return 0;
        }

        _readable.Clear();
        _writable.Clear();
        _failed.Clear();
        foreach (var (socket, write) in _sockets.Values)
        {
            _readable.Add(socket);
            if (write)
            {
                _writable.Add(socket);
                _failed.Add(socket);
            }
        }

        Socket.Select(_readable, _writable, _failed, (int)(Math.Min(nanoseconds, LongestWait) / 1000));
        var count = 0;
        foreach (var (token, (socket, _)) in _sockets)
        {
            var (read, write) = (_readable.Contains(socket), _writable.Contains(socket) || _failed.Contains(socket));
            if ((read || write) && count < events.Length)
            {
                events[count++] = new PollEvent(token, read, write);
            }
        }

        return count;
    }

    public override void Dispose() => _sockets.Clear();
}
