namespace Peregrine.Load.Workloads;

/// <summary>Workloads that come with the tool. They call the tools of the sample server (<c>echo</c> and others); any server with an <c>echo{message}</c> tool takes the first.</summary>
public static class WorkloadPresets
{
    private static readonly Operation Echo = new()
    {
        Name = "echo",
        Kind = OperationKind.CallTool,
        Target = "echo",
        Arguments = """{"message":"a falcon at the top of its dive"}""",
        ExpectedArgument = "message",
    };

    private static readonly Operation VariedEcho = Echo with { Arguments = """{"message":{"$text":{"from":16,"to":512}}}""" };

    private static readonly Operation List = new() { Name = "tools/list", Kind = OperationKind.ListTools };

    private static readonly Operation Ping = new() { Name = "ping", Kind = OperationKind.Ping };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        Closed("echo", "One small tool, called by 32 users one after another.", 32, [Echo]),
        Closed("mixed", "What agents do: mostly tool calls of different sizes, some lists, reads, prompts and pings.", 32, [
            VariedEcho with { Weight = 70 },
            List with { Weight = 10 },
            new() { Name = "resources/read", Kind = OperationKind.ReadResource, Weight = 10 },
            new() { Name = "prompts/get", Kind = OperationKind.GetPrompt, Weight = 5 },
            Ping with { Weight = 5 },
        ]),
        Closed("list-heavy", "Mostly tools/list: what clients do that ask again before every call.", 32, [List with { Weight = 80 }, Echo with { Weight = 20 }]),
        Closed("idle", "1,000 sessions that say a word every ten seconds.", 1000, [Ping]) with { Session = SessionScope.User, Pause = TimeSpan.FromSeconds(10) },
        Closed("fanout-1k", "A change that 1,000 subscribers hear of, ten times a second at most; needs a tool touch{uri} (peregrine serve --bench has it).", 1, [
            new() { Name = "touch", Kind = OperationKind.CallTool, Target = "touch", Arguments = """{"uri":"sample://changing"}""" },
        ]) with { Audience = new() { Uri = "sample://changing", Count = 1000 }, Pause = TimeSpan.FromMilliseconds(100) },
        Open("burst", "Chains of 5 to 15 calls, as an agent makes them; 50 chains a second begin by the clock.", 50, [VariedEcho with { Weight = 9 }, List]) with { MinCalls = 5, MaxCalls = 15 },
        Closed("cold-start", "From nothing to the first reply: a process or a connection, an opening, one call; one after another.", 1, [Echo]) with
        {
            Connection = ConnectionScope.Iteration,
            Session = SessionScope.Iteration,
        },
        Closed("connections", "A connection for every call.", 32, [Echo]) with { Connection = ConnectionScope.Iteration },
        TmDevLab(),
    ];

    /// <summary>The preset of that name, or null.</summary>
    public static Workload? Find(string name) => All.FirstOrDefault(workload => workload.Name == name);

    // After the public description of version 1 of the TM Dev Lab comparison: five sessions an iteration, one call each, 50 users, 10 s up, 5 min, 10 s down.
    private static Workload TmDevLab() => new()
    {
        Name = "tmdevlab-v1",
        Description = "50 users who open a session for every call, as in the comparison of TM Dev Lab; needs its four tools (peregrine serve --bench has them).",
        Operations =
        [
            new() { Name = "calculate_fibonacci", Kind = OperationKind.CallTool, Target = "calculate_fibonacci", Arguments = """{"n":10}""", ExpectedText = "55" },
            new() { Name = "fetch_external_data", Kind = OperationKind.CallTool, Target = "fetch_external_data", Arguments = """{"endpoint":"/api/data"}""" },
            new() { Name = "process_json_data", Kind = OperationKind.CallTool, Target = "process_json_data", Arguments = """{"data":{"name":"test","count":42,"nested":{"key":"value"}}}""", ExpectedText = "TEST" },
            new() { Name = "simulate_database_query", Kind = OperationKind.CallTool, Target = "simulate_database_query", Arguments = """{"query":"SELECT * FROM users","delay_ms":10}""" },
            List,
        ],
        Order = StepOrder.Sequence,
        Session = SessionScope.Call,
        Pause = TimeSpan.FromMilliseconds(50),
        Stages =
        [
            new() { Duration = TimeSpan.FromSeconds(10), Concurrency = 50, Ramp = true },
            new() { Duration = TimeSpan.FromMinutes(5), Concurrency = 50 },
            new() { Duration = TimeSpan.FromSeconds(10), Concurrency = 0, Ramp = true },
        ],
    };

    private static Workload Closed(string name, string description, int users, IReadOnlyList<Operation> operations) => new()
    {
        Name = name,
        Description = description,
        Operations = operations,
        Stages = [new() { Duration = TimeSpan.FromSeconds(10), Concurrency = users }],
    };

    private static Workload Open(string name, string description, double rate, IReadOnlyList<Operation> operations) => new()
    {
        Name = name,
        Description = description,
        Operations = operations,
        Stages = [new() { Duration = TimeSpan.FromSeconds(10), Rate = rate }],
    };
}
