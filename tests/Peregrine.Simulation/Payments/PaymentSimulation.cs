using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Execution.Journal;
using Peregrine.Execution.Ledger;
using Peregrine.Execution.Stores;
using Peregrine.Execution.Stores.Memory;
using Peregrine.Server;
using Peregrine.Server.Duplex;
using Peregrine.Simulation.Disk;
using Peregrine.Simulation.Network;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.Payments;

/// <summary>
/// A client pays orders at a server under keys, over a network that loses, doubles and reorders, while the server is killed and its disk fails. The server, its dispatch, its ledger and its
/// journal are the real ones.
/// </summary>
internal sealed class PaymentSimulation
{
    private const int MaxSteps = 200_000;

    private readonly SimWorld _world;
    private readonly SimProcess _client = new();
    private readonly SimDisk _disk;
    private readonly Bank _bank = new();
    private readonly Plan _plan;
    private readonly List<SimConnection> _connections = [];
    private readonly Dictionary<long, ScheduledCompletion<string?>> _waiting = [];
    private readonly List<PaidOrder> _orders = [];
    private SimProcess _server = new() { IsDead = true };
    private PeregrineServer? _running;
    private SimConnection? _connection;
    private string? _violation;
    private long _lastId;
    private int _kills;
    private int _powerLosses;
    private int _open;
    private int _epochs;

    private PaymentSimulation(int seed, Func<Plan, Plan>? change)
    {
        _world = new SimWorld(seed);
        _plan = Plan.Of(_world.Random);
        _plan = change?.Invoke(_plan) ?? _plan;
        _disk = new SimDisk(_world) { Kill = KillServer };
    }

    /// <summary>Runs a seed.</summary>
    internal static SimResult Run(int seed, Func<Plan, Plan>? change = null) => new PaymentSimulation(seed, change).Run();

    private SimResult Run()
    {
        _world.BeforeStep = MayKill;
        StartServer();
        for (var i = 0; i < _plan.Calls; i++)
        {
            var order = new PaidOrder($"order-{i}");
            _orders.Add(order);
            for (var twins = _world.Chance(0.5) ? 2 : 1; twins > 0; twins--)
            {
                _open++;
                _ = PayAsync(order);
            }
        }

        var ended = _world.RunUntilIdle(MaxSteps);
        Judge(ended);
        return new SimResult(_violation, _world.Trace, _world.Steps, _kills, _orders.Count(static order => order.IsUnknown));
    }

    private void Judge(bool ended)
    {
        if (!ended || _open > 0)
        {
            Violate(ended ? $"{_open} calls have no outcome, and nothing is left to do" : "the world does not come to rest");
        }

        foreach (var id in _connections.SelectMany(static connection => connection.Unanswered))
        {
            Violate($"request {id} was read and never answered");
        }

        foreach (var order in _orders)
        {
            if (_bank.Of(order.Key) > 1)
            {
                Violate($"{order.Key} was paid {_bank.Of(order.Key)} times");
            }

            if (order.Results.Count > 0 && _bank.Of(order.Key) == 0)
            {
                Violate($"{order.Key} was answered and not paid");
            }

            if (order.Results.Count(text => !(MayForgetResults && text.Contains("paid before", StringComparison.Ordinal))) > 1)
            {
                Violate($"{order.Key} has several results: {string.Join(" | ", order.Results)}");
            }

            if (order.IsUnknown && (_plan.Reconciles || (_kills == 0 && _plan.DiskFailure == 0)))
            {
                Violate($"{order.Key} is unknown, and need not be");
            }
        }
    }

    // Then what a reconciling tool finds stands for a result that is gone: it was lost with memory or power.
    private bool MayForgetResults => (_kills > 0 && _plan.Ledger == LedgerKind.Memory) || (_powerLosses > 0 && _plan.Ledger == LedgerKind.Os);

    private void Violate(string what) => _violation ??= what;

    private async Task PayAsync(PaidOrder order)
    {
        await _world.PauseAsync(_client, 10);
        while (true)
        {
            if (_server.IsDead)
            {
                await _world.PauseAsync(_client, TimeSpan.FromMilliseconds(5));
                continue;
            }

            if (_connection is not { IsAlive: true })
            {
                Connect();
            }

            order.Begin(_running!.Ledger.Epoch, new SimTime(_world, _client).GetUtcNow());
            var reply = await AskAsync(order);
            if (reply is null)
            {
                continue;
            }

            using var message = JsonDocument.Parse(reply);
            if (message.RootElement.TryGetProperty("result", out var result))
            {
                order.Results.Add(result.GetProperty("content").GetRawText());
                break;
            }

            // 4005 is the last word, unless it says that the ledger only cannot tell now.
            var error = message.RootElement.GetProperty("error");
            var code = error.GetProperty("code").GetInt32();
            var mayTellLater = error.TryGetProperty("data", out var data) && data.TryGetProperty("retryable", out var retryable) && retryable.GetBoolean();
            if (code == 4005 && !mayTellLater)
            {
                order.IsUnknown = true;
                break;
            }

            // 4003: the journal cannot be written; -32600: the message came twice, and the first is still under way.
            if (code is not (4003 or 4005 or -32600))
            {
                Violate(reply);
                break;
            }

            await _world.PauseAsync(_client, TimeSpan.FromMilliseconds(300));
        }

        _open--;
    }

    private async ValueTask<string?> AskAsync(PaidOrder order)
    {
        var id = ++_lastId;
        var completion = new ScheduledCompletion<string?>(new SimScheduler(_world, _client));
        _waiting[id] = completion;
        var patience = _world.After(_client, TimeSpan.FromMilliseconds(20 + (_world.Random.NextDouble() * 400)), () => completion.TryComplete(null));
        _connection!.Send(id, SimMessages.Call(id, order.Key, order.NextAttempt++, order.Epoch!, order.First, stateless: _world.Chance(0.5)));
        var reply = await completion.Task;
        patience.Cancel();
        _waiting.Remove(id);
        return reply;
    }

    private void Receive(string line)
    {
        if (_waiting.TryGetValue(SimMessages.IdOf(line), out var completion))
        {
            completion.TryComplete(line);
        }
    }

    private void Connect()
    {
        _connection = new SimConnection(_world, _client, _server, _plan.Faults, Receive);
        _connections.Add(_connection);
        _ = StreamServer.ServeAsync(_running!, _connection.ServerInput, _connection.ServerOutput, options: DuplexOptions.Default with { DrainTime = TimeSpan.FromSeconds(1) });
    }

    private void StartServer()
    {
        _server = new SimProcess();
        var time = new SimTime(_world, _server);
        var scheduler = new SimScheduler(_world, _server);
        ICallLedger ledger;
        if (_plan.Ledger == LedgerKind.Memory)
        {
            ledger = new MemoryCallLedger(time: time, scheduler: scheduler);
        }
        else
        {
            _disk.Failure = _plan.DiskFailure;
            _disk.KillInWrite = _plan.Kill;
            var options = new JournalOptions { Folder = "simulated", Policy = _plan.Ledger == LedgerKind.Os ? JournalPolicy.Os : JournalPolicy.Disk, SegmentBytes = 65_536 };
            ledger = JournalStores.Open(_disk.Open(), options, scheduler, time, NullLogger.Instance, () => $"epoch-{++_epochs}").Ledger;
        }

        ledger = _plan.Plant?.Invoke(ledger, _world, _server) ?? ledger;
        _running = PeregrineServer.CreateBuilder("bank", "1").AddTool(new PaymentTool(_world, _server, _bank, _plan.Reconciles))
            .UseScheduler(scheduler).UseLedger(ledger).Configure(options => options with { TimeProvider = time }).Build();
    }

    private void MayKill()
    {
        // When all have their outcome, the world may come to rest.
        if (_open > 0 && !_server.IsDead && _world.Chance(_plan.Kill))
        {
            KillServer();
        }
    }

    private void KillServer()
    {
        _kills++;
        _server.IsDead = true;
        _world.Note(-1);
        if (_world.Chance(_plan.PowerLoss))
        {
            _powerLosses++;
            _disk.LosePower();
        }

        _world.After(_client, TimeSpan.FromMilliseconds(1 + (_world.Random.NextDouble() * 20)), StartServer);
    }
}
