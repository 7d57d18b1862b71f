using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Drills;

/// <summary>
/// Everything that servers and networks do wrong, one after the other, to a gateway under load: calls to other servers go on as before, none with a key runs twice, every one is answered in
/// its time, what was broken is back soon, and nothing is left of it.
/// </summary>
public sealed class FaultDrillTests(ITestOutputHelper output)
{
    // What a call may be answered with beside its result: what docs/gateway.md lists for servers that stop, start and break.
    private static readonly int[] Documented = [4002, 4005, 4007];

    // An answer needs a processor too, and the machine may have none to spare.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(5);

    // Against what the same route took before, by as much as a server without a gateway before it is slower than before: others use the machine as well, and so does a process that begins anew.
    private const double SlowerBy = 2;

    // One call in a hundred of a few hundred are few calls: what is slow by chance is not so each time; and of fewer it is one.
    private const int MaxRounds = 4;
    private const int CallsToJudge = 500;

    // A process that lives for so long is not in a crash loop any more, and is started again at once.
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(11);

    // What a gateway may hold on its heap beyond what it held before anything went wrong: keys that came meanwhile, and buffers for what it had not met before. 3.4 MB when this was written.
    private const long MoreHeap = 6 << 20;

    // Two servers over HTTP, each called by two workers.
    private const int MoreSockets = 4;

    // How long calls stay with their servers that are to be in flight when the gateway is killed: far longer than that takes.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(50);

    // Of each server that runs keyed calls: some that have done already what they do, and some that have not.
    private const int HeldCalls = 4;

    [Fact]
    [Trait("Category", "Slow")]
    public Task A_minute() => RunAsync(TimeSpan.FromSeconds(4));

    [Fact]
    [Trait("Category", "Full")]
    public Task Half_an_hour() => RunAsync(TimeSpan.FromMinutes(3));

    private async Task RunAsync(TimeSpan length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc and SIGSTOP");
        await using var gateway = await DrilledGateway.StartAsync();
        await using var load = new DrillLoad();
        load.Add(DrillRoute.Echo("direct", "echo"), gateway.Steady);
        load.Add(DrillRoute.Echo("steady", "steady_echo"), gateway.Endpoint);
        load.Add(DrillRoute.Echo("local", "local_echo"), gateway.Endpoint);
        load.Add(DrillRoute.Echo("foreign", "foreign_echo", padding: 16 * 1024), gateway.Endpoint);
        load.Add(DrillRoute.Echo("distant", "distant_echo"), gateway.Endpoint);
        load.Add(DrillRoute.Append("once", "once_append"), gateway.Endpoint);
        load.Add(DrillRoute.Append("once", "once_append_or_find"), gateway.Endpoint);

        // Keys that the gateway keeps are memory in use, and the fewer there are the more can be seen of what should not be.
        load.Add(DrillRoute.Append("keyless", "keyless_append", isRare: true), gateway.Endpoint);
        await WarmUpAsync(load);

        var calm = await ObserveAsync("before", load, length, NothingAsync);
        var busy = await ObserveWithProcessesAsync(load, length);
        var (descriptors, heap, memory) = (gateway.ReadDescriptors(), await gateway.ReadLiveHeapAsync(), gateway.Memory);
        foreach (var fault in FaultsOf(gateway))
        {
            await RunAsync(fault, load, length, fault.StartsProcesses ? busy : calm);
        }

        await JudgeRemainsAsync(gateway, descriptors, heap, memory);
        await JudgeGatewayDeathAsync(gateway, load, calm);
        await JudgeRemainsAsync(gateway, descriptors, heap, memory);
        await load.StopAsync();
        JudgeAnswers("all in all", load.Calls, [DrillCall.Lost, .. Documented]);
        JudgeKeys(gateway, load);
        Assert.DoesNotContain(await gateway.EndAsync(), ProcessTable.IsAlive);
    }

    private async Task<DrillWindow> ObserveAsync(string what, DrillLoad load, TimeSpan length, Func<Task> meanwhile)
    {
        var from = load.Now;
        while (load.Now < from + length)
        {
            await meanwhile();
            await HoldAsync(load, load.Now + (length / 4));
        }

        var window = new DrillWindow(load.Calls, from, load.Now);
        output.WriteLine($"{what}\n{window}");
        return window;
    }

    // What it costs everybody that processes are started, whoever starts them.
    private async Task<DrillWindow> ObserveWithProcessesAsync(DrillLoad load, TimeSpan length)
    {
        using var folder = new TemporaryFolder();
        var route = DrillRoute.Append("other", "append");
        StartedProgram? other = null;
        try
        {
            return await ObserveAsync("before, while another program is started again and again", load, length, async () =>
            {
                await EndAsync(other);
                other = StartedProgram.Start(Programs.OnceServer, "stdio", "os", Path.Combine(folder.Folder, "effects"), Path.Combine(folder.Folder, "journal"));
                await other.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"drill","version":"1"}}}""");
                await other.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
                for (var call = 0; call < 10; call++)
                {
                    await other.WriteLineAsync(route.Body(route.NextText(), 0, stateless: false));
                }
            });
        }
        finally
        {
            await EndAsync(other);
        }

        static async Task EndAsync(StartedProgram? program)
        {
            if (program is not null)
            {
                Signals.KillAtOnce(program.Id);
                await program.WaitForEndAsync();
                await program.DisposeAsync();
            }
        }
    }

    private async Task JudgeRemainsAsync(DrilledGateway gateway, DescriptorCounts descriptors, long heap, long memory)
    {
        var live = await gateway.ReadLiveHeapAsync();
        output.WriteLine($"descriptors: {descriptors} before, {gateway.ReadDescriptors()} after; live heap {heap >> 10} KB before, {live >> 10} KB after; memory {memory >> 20} MB before, {gateway.Memory >> 20} MB after");
        Assert.True(live <= heap + MoreHeap, $"{heap} bytes on the heap before, {live} after");

        // A process that is there again has as many pipes as the one before. What waits to be called over HTTP may have been called by as many at once as there are workers, or by fewer.
        await Patience.UntilAsync(() => gateway.ReadDescriptors() is var now && now.Pipes == descriptors.Pipes && now.Others == descriptors.Others && now.Sockets <= descriptors.Sockets + MoreSockets,
            describe: () => $"descriptors: {descriptors} before, {gateway.ReadDescriptors()} after");
        await Patience.UntilAsync(() => gateway.Memory <= memory + (64 << 20), describe: () => $"{memory} bytes before, {gateway.Memory} after");
    }

    private static IEnumerable<DrillFault> FaultsOf(DrilledGateway gateway)
    {
        yield return new DrillFault("a process is killed", "once", async () =>
        {
            await gateway.WaitUntilUpAsync("once");
            Signals.KillAtOnce(await gateway.ProcessOfAsync("once"));
        }, NothingAsync) { StartsProcesses = true };
        yield return new DrillFault("a process whose keys the gateway keeps is killed", "keyless", async () =>
        {
            await gateway.WaitUntilUpAsync("keyless");
            Signals.KillAtOnce(await gateway.ProcessOfAsync("keyless"));
        }, NothingAsync) { StartsProcesses = true };
        var stopped = 0;
        yield return new DrillFault("a process stands still", "foreign", async () =>
        {
            // The gateway replaces it; then the next one stands still.
            if (!ProcessTable.IsAlive(stopped))
            {
                await gateway.WaitUntilUpAsync("foreign");
                stopped = await gateway.ProcessOfAsync("foreign");
                Signals.Stop(stopped);
            }
        }, () => SetAsync(() =>
        {
            Signals.Continue(stopped);
            stopped = 0;
        })) { StartsProcesses = true };
        yield return new DrillFault("connections are reset", "distant", () =>
        {
            gateway.Proxy.ResetAll();
            return Task.CompletedTask;
        }, NothingAsync);
        yield return new DrillFault("sessions are forgotten", "distant", gateway.ForgetSessionAsync, NothingAsync);
        yield return new DrillFault("rubbish comes over HTTP", "distant", () => SetAsync(() => gateway.Proxy.IsGarbled = true), () => SetAsync(() => gateway.Proxy.IsGarbled = false));
        yield return new DrillFault("rubbish comes from a process", "foreign", () => File.WriteAllTextAsync(gateway.GarbageMark, ""), () => SetAsync(() => File.Delete(gateway.GarbageMark))) { StartsProcesses = true };
        yield return new DrillFault("a server is 100 times slower", "distant",
            () => SetAsync(() => gateway.Proxy.Delay = TimeSpan.FromMilliseconds(300)), () => SetAsync(() => gateway.Proxy.Delay = TimeSpan.Zero));
    }

    private async Task RunAsync(DrillFault fault, DrillLoad load, TimeSpan length, DrillWindow before)
    {
        List<string> slow = [];
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await RunOnceAsync(fault, load, length, before) is not { } reason)
            {
                return;
            }

            output.WriteLine(reason);
            slow.Add(reason);
            await HoldAsync(load, load.Now + Healthy);
        }

        Assert.Fail($"Slow each time: {string.Join('\n', slow)}");
    }

    // Gives which other route was too slow; null where none was.
    private async Task<string?> RunOnceAsync(DrillFault fault, DrillLoad load, TimeSpan length, DrillWindow before)
    {
        var from = load.Now;
        while (load.Now < from + length)
        {
            await fault.Do();
            await HoldAsync(load, load.Now + (length / 4));
        }

        await fault.Clear();
        var cleared = load.Now;
        await WaitForRecoveryAsync(load, fault.Route, cleared);
        var window = new DrillWindow(load.Calls, from, load.Now);
        var back = window[fault.Route].First(call => call.Code == 0 && call.Begun >= cleared).Ended - cleared;
        output.WriteLine($"{fault.Name}: back after {back.TotalMilliseconds:0} ms\n{window}");

        Assert.True(back <= BackWithin, $"{fault.Name}: {fault.Route} was back after {back}");
        JudgeAnswers(fault.Name, window[fault.Route], Documented);
        return window.Routes.Where(route => route != fault.Route).Select(route => JudgeHealthy(fault.Name, route, window, before)).FirstOrDefault(static reason => reason is not null);
    }

    private async Task JudgeGatewayDeathAsync(DrilledGateway gateway, DrillLoad load, DrillWindow before)
    {
        var held = await HoldCallsAsync(gateway, load);
        var from = load.Now;
        var family = await gateway.KillAndRestartAsync();
        var restarted = load.Now;
        foreach (var route in before.Routes)
        {
            await WaitForRecoveryAsync(load, route, restarted);
        }

        var window = new DrillWindow(load.Calls, from, load.Now);
        var back = before.Routes.Max(route => window[route].First(call => call.Code == 0 && call.Begun >= restarted).Ended) - restarted;
        output.WriteLine($"the gateway is killed: started after {(restarted - from).TotalMilliseconds:0} ms, all back {back.TotalMilliseconds:0} ms later\n{window}");

        await Task.WhenAll(held);
        var lost = load.Calls.Count(call => call.Route is "once" or "keyless" && call.Begun < from && call.Ended > from && call.Code == DrillCall.Lost);
        output.WriteLine($"{lost} calls with keys were in flight when the gateway was killed");
        Assert.InRange(lost, 2 * HeldCalls, int.MaxValue);
        Assert.DoesNotContain("kept in memory alone", gateway.Log, StringComparison.Ordinal);
        Assert.True(back <= BackWithin, $"all were back after {back}");
        foreach (var route in window.Routes)
        {
            JudgeAnswers("the gateway is killed", window[route], [DrillCall.Lost, .. Documented]);
        }

        // What the killed one had started was ended by the next; those that stand for them are of the next.
        await Patience.UntilAsync(() => !family.Any(ProcessTable.IsAlive), describe: () => string.Join('\n', family.Where(ProcessTable.IsAlive).Select(ProcessTable.Describe)));
    }

    // Keyed calls that are certainly in flight, at servers that keep keys themselves and at one for which the gateway does. What can find out that it has done nothing would do it, and wait, again: so that has done it.
    private static async Task<Task[]> HoldCallsAsync(DrilledGateway gateway, DrillLoad load)
    {
        (DrillRoute Route, string[] When)[] kinds =
        [
            (DrillRoute.Append("once", "once_append"), ["before", "after"]),
            (DrillRoute.Append("once", "once_append_or_find"), ["after"]),
            (DrillRoute.Append("keyless", "keyless_append"), ["before", "after"]),
        ];
        var held = Enumerable.Range(0, HeldCalls)
            .SelectMany(call => kinds.Select(kind => load.HoldAsync(kind.Route, gateway.Endpoint, kind.When[call % kind.When.Length], Hold, stateless: call >= HeldCalls / 2))).ToArray();
        await Patience.UntilAsync(async () => await gateway.CallsInFlightAsync("once") >= 2 * HeldCalls && await gateway.CallsInFlightAsync("keyless") >= HeldCalls);
        return held;
    }

    // Null where it is as fast as before.
    private static string? JudgeHealthy(string fault, string route, DrillWindow window, DrillWindow before)
    {
        var failed = window[route].FirstOrDefault(static call => call.Code != 0);
        Assert.True(failed is null, $"{fault}: a call of another route failed: {failed}");
        var (now, own, direct, directBefore) = (window.P99(route), before.P99(route), window.P99("direct"), before.P99("direct"));
        return window[route].Count < CallsToJudge || now <= SlowerBy * own * Math.Max(1, direct / directBefore)
            ? null
            : $"{fault}: P99 of {route} is {now:0.0} ms; it was {own:0.0} ms, and a server without a gateway has {direct:0.0} ms where it had {directBefore:0.0} ms";
    }

    private static void JudgeAnswers(string fault, IEnumerable<DrillCall> calls, int[] allowed)
    {
        foreach (var call in calls)
        {
            Assert.True(call.Code == 0 || allowed.Contains(call.Code), $"{fault}: {call}");
            Assert.True(call.Elapsed <= DrilledGateway.CallTimeout + Slack, $"{fault}: not in its time: {call}");
        }
    }

    private void JudgeKeys(DrilledGateway gateway, DrillLoad load)
    {
        var lines = gateway.Effects.ToLookup(static line => line);
        var twice = lines.Where(static line => line.Count() > 1).Select(static line => $"{line.Key}: {line.Count()} times");
        var lost = load.Keys.Where(pair => pair.Value && !lines.Contains(pair.Key)).Select(static pair => pair.Key);
        output.WriteLine($"{load.Keys.Count} calls with keys, {load.Keys.Count(static pair => !pair.Value)} of unknown outcome");

        Assert.Empty(twice);
        Assert.Empty(lost);
        Assert.DoesNotContain(load.Keys, static pair => !pair.Value && pair.Key.Contains("find", StringComparison.Ordinal));
    }

    private static Task WarmUpAsync(DrillLoad load)
    {
        const int Calls = 300;
        return Patience.UntilAsync(() => load.Calls.GroupBy(static call => call.Route).Count(static group => group.Count(static call => call.Code == 0) >= Calls) == 7,
            TimeSpan.FromSeconds(60), () => new DrillWindow(load.Calls, TimeSpan.Zero, TimeSpan.MaxValue).ToString());
    }

    private static Task WaitForRecoveryAsync(DrillLoad load, string route, TimeSpan since) =>
        Patience.UntilAsync(() => load.Calls.Any(call => call.Route == route && call.Code == 0 && call.Begun >= since), describe: () => $"{route} is not back.\n{new DrillWindow(load.Calls, since, TimeSpan.MaxValue)}");

    // A phase of the drill lasts so long; nothing is waited for.
    private static Task HoldAsync(DrillLoad load, TimeSpan until) => until > load.Now ? Task.Delay(until - load.Now) : Task.CompletedTask;

    private static Task NothingAsync() => Task.CompletedTask;

    private static Task SetAsync(Action set)
    {
        set();
        return Task.CompletedTask;
    }
}
