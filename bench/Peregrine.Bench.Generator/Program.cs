using Peregrine.Bench.Generator;
using Peregrine.Bench.Generator.Power;
using Peregrine.Bench.Generator.Slowed;
using Peregrine.Bench.Generator.Wrk;
using Peregrine.Load.Driving;

try
{
    return args switch
    {
        ["wrk"] => await GeneratorRatio.RunAsync(rounds: 10),
        ["wrk", "--rounds", var rounds] => await GeneratorRatio.RunAsync(Programs.Number(rounds)),
        ["stdio"] => await StdioLimit.RunAsync(),
        ["schedule"] => await ScheduleCheck.RunAsync(seconds: 20),
        ["schedule", "--seconds", var seconds] => await ScheduleCheck.RunAsync(Programs.Number(seconds)),
        ["power", "measure", "--launches", var launches] => await PowerSeries.MeasureAsync(Programs.Number(launches)),
        ["power"] => PowerSeries.Report(),
        ["serve", "--spin", var nanoseconds] => await SlowedServer.RunAsync(Programs.Number(nanoseconds)),
        _ => Usage(),
    };
}
catch (Exception exception) when (exception is LoadException or IOException or FormatException or InvalidOperationException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("""
        What the load generator itself can do, and what the regression gate can see. Needs Linux and two processors with nothing else running.

          wrk [--rounds N]                 HTTP, 32 connections, one core each: this generator's calls a second over wrk's, on the floor server, in turn
          stdio                            stdio, 64 in flight: how busy it keeps the floor's core
          schedule [--seconds N]           an open loop at 1,000/s on the floor server: how late calls are sent
          power measure --launches N       measures until N launches each of an unchanged server and one that is 15 % slower are in bench/results; can be stopped and goes on
          power                            of those launches: how often the gate finds the slowdown, and how often it lets the unchanged pass
        """);
    return 2;
}
