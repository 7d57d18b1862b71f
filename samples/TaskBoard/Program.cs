using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

// Agents that work together over MCP: one makes agents and hands out tasks, each completes its own, all see how far they are. They ask often: the answer is kept until a tool has changed the board.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPeregrine("task-board", "1.0").AddTools<BoardTools>();
var app = builder.Build();
app.MapPeregrine("/mcp");
app.Run();

[McpTools]
public sealed class BoardTools
{
    private readonly Lock _gate = new();
    private readonly List<string> _agents = [];
    private readonly List<(string Title, string Agent, string? Result)> _tasks = [];

    /// <summary>Adds an agent.</summary>
    [McpTool(InvalidatesTags = ["board"])]
    public string CreateAgent(string name) => Change(() => _agents.Contains(name) ? throw new McpToolException($"There is an agent {name} already.") : Add(name));

    /// <summary>Gives a task to an agent: the one that is named, else the one with the fewest open tasks.</summary>
    /// <param name="agent">Who is to do it.</param>
    [McpTool(InvalidatesTags = ["board"])]
    public string AssignTask(string title, string? agent = null) => Change(() =>
    {
        agent ??= _agents.MinBy(OpenTasks) ?? throw new McpToolException("There is no agent. Create one first.");
        _tasks.Add((title, _agents.Contains(agent) ? agent : throw new McpToolException($"There is no agent {agent}."), null));
        return $"Task {_tasks.Count} is for {agent}.";
    });

    /// <summary>Notes the result of a task.</summary>
    /// <param name="task">The task's number.</param>
    [McpTool(Idempotent = true, InvalidatesTags = ["board"])]
    public string CompleteTask(int task, string result) => Change(() =>
    {
        _tasks[task - 1] = task > 0 && task <= _tasks.Count ? _tasks[task - 1] with { Result = result } : throw new McpToolException($"There is no task {task}.");
        return $"Task {task} is done.";
    });

    /// <summary>Makes as many agents as are wanted; those that go must have no open task.</summary>
    [McpTool(Idempotent = true, InvalidatesTags = ["board"])]
    public string ScaleSwarm([System.ComponentModel.DataAnnotations.Range(0, 1000)] int agents) => Change(() =>
    {
        for (var number = 1; _agents.Count < agents; number++) { if (!_agents.Contains($"agent-{number}")) { _ = Add($"agent-{number}"); } }
        while (_agents.Count > agents && _agents.FindLast(agent => OpenTasks(agent) == 0) is { } idle) { _ = _agents.Remove(idle); }
        return $"There are {_agents.Count} agents.";
    });

    /// <summary>Tells what every agent does.</summary>
    [McpTool(ReadOnly = true, CacheSeconds = 60, CacheTags = ["board"])]
    public string GetSwarmStatus() => Change(() => string.Join('\n', [$"{_agents.Count} agents, {_tasks.Count(static task => task.Result is null)} open tasks, {_tasks.Count(static task => task.Result is not null)} done",
        .. _agents.Select(agent => $"{agent}: {string.Join(", ", _tasks.Where(task => task.Agent == agent && task.Result is null).Select(static task => task.Title))}")]));

    private string Add(string name) { _agents.Add(name); return $"{name} is ready."; }
    private int OpenTasks(string agent) => _tasks.Count(task => task.Agent == agent && task.Result is null);
    private string Change(Func<string> change) { lock (_gate) { return change(); } }
}
