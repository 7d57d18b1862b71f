using McpServer._1;
using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPeregrine("McpServer.1", "0.1.0").AddTools<DiceTools>();

var app = builder.Build();
app.MapPeregrine("/mcp");
app.MapPeregrineMonitoring();
app.Run();
