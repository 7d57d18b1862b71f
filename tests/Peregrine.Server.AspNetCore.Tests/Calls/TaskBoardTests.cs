using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Calls;

/// <summary>A board of tasks, as agents share one: every tool that changes something says what it invalidates, and the next read is fresh.</summary>
public sealed class TaskBoardTests
{
    [Theory]
    [InlineData(Front.Duplex)]
    [InlineData(Front.HttpStateless)]
    [InlineData(Front.HttpSession)]
    public async Task TheReadAfterEachChangeIsFresh(Front front)
    {
        var board = new Board();
        var server = board.Build();
        await using var caller = await Caller.StartAsync(server, front);
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var id = random.Next(1, 6);
            var name = new[] { "create_task", "assign_task", "complete_task", "delete_task" }[random.Next(4)];
            await caller.CallAsync(name, $$"""{"id":{{id}},"agent":"a{{random.Next(3)}}"}""");
            for (var again = 0; again < 2; again++)
            {
                Assert.Equal(board.List(), (await caller.CallAsync("list_tasks")).Text);
                Assert.Equal(board.Get(id), (await caller.CallAsync("get_task", $$"""{"id":{{id}}}""")).Text);
                Assert.Equal(board.Workload(), (await caller.CallAsync("agent_workload")).Text);
            }
        }

        var statistics = server.Cache.Statistics;
        Assert.Equal(1200, statistics.Hits + statistics.Misses);
        Assert.True(statistics.Hits >= 600, $"{statistics}");
    }

    [Fact]
    public void EveryToolThatIsNotReadOnlyInvalidatesSomething()
    {
        var tools = new Board().Build().Tools;
        Assert.All(tools.Where(static tool => tool.ReadOnly != true), static tool => Assert.NotEmpty(tool.InvalidatesTags));
        Assert.All(tools.Where(static tool => tool.ReadOnly == true), static tool => Assert.NotEmpty(tool.CacheTags));
    }

    private sealed class Board
    {
        private readonly ConcurrentDictionary<int, (string Agent, bool Done)> _tasks = new();

        internal string List() => string.Join(',', _tasks.Keys.Order());

        internal string Get(int id) => _tasks.TryGetValue(id, out var task) ? $"{id} {task.Agent} {task.Done}" : "none";

        internal string Workload() => string.Join(',', _tasks.Values.Where(static task => !task.Done).GroupBy(static task => task.Agent)
            .OrderBy(static group => group.Key, StringComparer.Ordinal).Select(static group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}={group.Count()}")));

        internal PeregrineServer Build() => PeregrineServer.CreateBuilder("board", "1")
            .Add(Read("list_tasks", "tasks"), call => call.ReturnText(List()))
            .Add(Read("get_task", "task:{id}"), call => call.ReturnText(Get(Id(call))))
            .Add(Read("agent_workload", "workload"), call => call.ReturnText(Workload()))
            .Add(Change("create_task", "tasks", "task:{id}", "workload"), call => _tasks[Id(call)] = ("nobody", false))
            .Add(Change("assign_task", "task:{id}", "workload"), call => Replace(call, task => (Agent(call), task.Done)))
            .Add(Change("complete_task", "task:{id}", "workload"), call => Replace(call, static task => (task.Agent, true)))
            .Add(Change("delete_task", "tasks", "task:{id}", "workload"), call => _tasks.TryRemove(Id(call), out _))
            .Build();

        private void Replace(McpCall call, Func<(string Agent, bool Done), (string Agent, bool Done)> change)
        {
            if (_tasks.TryGetValue(Id(call), out var task))
            {
                _tasks[Id(call)] = change(task);
            }
        }

        private static McpToolDefinition Read(string name, params string[] tags) =>
            CallTool.Named(name) with { ReadOnly = true, CacheDuration = TimeSpan.FromHours(1), CacheTags = tags };

        private static McpToolDefinition Change(string name, params string[] tags) => CallTool.Named(name) with { ReadOnly = false, InvalidatesTags = tags };

        private static int Id(McpCall call) => Argument(call, "id").GetInt32();

        private static string Agent(McpCall call) => Argument(call, "agent").GetString()!;

        private static JsonElement Argument(McpCall call, string name)
        {
            using var document = JsonDocument.Parse(call.RawArguments);
            return document.RootElement.GetProperty(name).Clone();
        }
    }
}
