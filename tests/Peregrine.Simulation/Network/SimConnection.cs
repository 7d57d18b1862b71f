using System.Text;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.Network;

/// <summary>
/// A connection between the client and one server process. Messages may be lost, come twice or overtake each other on their way to the stream; the stream itself comes in pieces of any length,
/// and may break in the middle of a message.
/// </summary>
internal sealed class SimConnection
{
    private readonly SimWorld _world;
    private readonly SimProcess _client;
    private readonly SimProcess _server;
    private readonly Faults _faults;
    private readonly Action<string> _receive;
    private readonly List<byte> _fromServer = [];
    private readonly Dictionary<long, int> _delivered = [];
    private readonly HashSet<long> _answered = [];

    internal SimConnection(SimWorld world, SimProcess client, SimProcess server, Faults faults, Action<string> receive)
    {
        (_world, _client, _server, _faults, _receive) = (world, client, server, faults, receive);
        ServerInput = new SimInput(world, server);
        ServerOutput = new SimOutput(this);
    }

    internal SimInput ServerInput { get; }

    internal SimOutput ServerOutput { get; }

    internal bool IsBroken { get; private set; }

    internal bool IsAlive => !IsBroken && !_server.IsDead;

    /// <summary>Requests that the server has read and not answered, though it lives and the connection does.</summary>
    internal IEnumerable<long> Unanswered => IsAlive ? _delivered.Keys.Where(id => !_answered.Contains(id)) : [];

    internal void Send(long id, string message)
    {
        if (_world.Chance(_faults.Loss))
        {
            return;
        }

        for (var copies = _world.Chance(_faults.Duplication) ? 2 : 1; copies > 0; copies--)
        {
            _world.After(_server, Delay(), () => Deliver(id, message));
        }
    }

    internal void Break()
    {
        if (!IsBroken)
        {
            IsBroken = true;
            ServerInput.End();
        }
    }

    private void Deliver(long id, string message)
    {
        if (!IsAlive)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(message + "\n");
        if (_world.Chance(_faults.Break))
        {
            ServerInput.Add(bytes.AsSpan(0, _world.Random.Next(bytes.Length)));
            Break();
            return;
        }

        _delivered[id] = _delivered.GetValueOrDefault(id) + 1;
        ServerInput.Add(bytes);
    }

    private void TakeFromServer(ReadOnlySpan<byte> bytes)
    {
        if (!IsAlive)
        {
            return;
        }

        _fromServer.AddRange(bytes);
        int end;
        while ((end = _fromServer.IndexOf((byte)'\n')) >= 0)
        {
            var line = Encoding.UTF8.GetString([.. _fromServer[..end]]);
            _fromServer.RemoveRange(0, end + 1);
            _answered.Add(SimMessages.IdOf(line));
            if (_world.Chance(_faults.Loss))
            {
                continue;
            }

            for (var copies = _world.Chance(_faults.Duplication) ? 2 : 1; copies > 0; copies--)
            {
                _world.After(_client, Delay(), () =>
                {
                    // A reply may still come after the server's end: it was on its way.
                    if (!IsBroken)
                    {
                        _receive(line);
                    }
                });
            }
        }
    }

    private TimeSpan Delay() => TimeSpan.FromMilliseconds(_world.Random.NextDouble() * (_world.Chance(0.1) ? 50 : 3));

    /// <summary>What the server writes to.</summary>
    internal sealed class SimOutput(SimConnection connection) : SimStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            connection.TakeFromServer(buffer.Span);
            return default;
        }
    }
}
