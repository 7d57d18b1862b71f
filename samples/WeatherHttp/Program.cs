using Peregrine.Server.AspNetCore.Hosting;
using Peregrine.Server.Hosting;
using Peregrine.Server.Tools;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddPeregrine("weather", "1.0").AddTools<WeatherTools>();

var app = builder.Build();
app.MapPeregrine("/mcp");
app.Run();

[McpTools]
public sealed class WeatherTools(ILogger<WeatherTools> logger)
{
    /// <summary>Tells how warm it is in a city.</summary>
    [McpTool(ReadOnly = true)]
    public string GetWeather(string city)
    {
        logger.LogInformation("Asked for {City}", city);
        return $"It is {15 + (city.Length % 10)} °C in {city}.";
    }
}
