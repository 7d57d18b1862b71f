using System.Collections.Concurrent;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

// An application that has its own endpoints and services, and offers them to models as well.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<Orders>();
builder.Services.AddScoped<Desk>();
builder.Services.AddPeregrine("shop", "1.0").AddTools<ShopTools>().AddFilter(static async (call, next) =>
{
    // Around every call, on every transport. What the request knows (user, headers, address) is in call.HttpContext().
    await next(call);
    call.Services!.GetRequiredService<ILogger<Program>>().LogInformation("{Tool}: {Outcome}", call.Name, call.IsError ? "failed" : "done");
});

var app = builder.Build();
app.MapGet("/orders", static (Orders orders) => orders.All);
app.MapPost("/orders/{item}", static (string item, Desk desk) => desk.Order(item));
app.MapPeregrine("/mcp");
app.Run();

public sealed class Orders
{
    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    public int Add(string order)
    {
        _all.Enqueue(order);
        return _all.Count;
    }
}

/// <summary>Scoped, as a DbContext is: the application's endpoints and the tools each get that of their request.</summary>
public sealed class Desk(Orders orders)
{
    private readonly string _number = Guid.NewGuid().ToString("N")[..4];

    public string Order(string item) => $"Order {orders.Add(item)}: {item}, taken at desk {_number}.";
}

[McpTools]
public sealed class ShopTools(Desk desk, Orders orders)
{
    /// <summary>Orders an item.</summary>
    /// <param name="item">What to order, for example "tea".</param>
    [McpTool]
    public string PlaceOrder(string item) => desk.Order(item);

    /// <summary>Lists what was ordered, one a line.</summary>
    [McpTool(ReadOnly = true)]
    public string ListOrders() => string.Join('\n', orders.All);
}
