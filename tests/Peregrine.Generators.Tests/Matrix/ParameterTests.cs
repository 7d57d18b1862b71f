using System.Text.Json;
using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Matrix;

public sealed class ParameterTests
{
    private static readonly ToolServer Server = ToolServer.Of<ParameterTools>();

    [Theory]
    [InlineData("take_string", "\"\\u00e4\\n\"", "<ä\n>")]
    [InlineData("take_bool", "true", "true")]
    [InlineData("take_s_byte", "-128", "-128")]
    [InlineData("take_byte", "255", "255")]
    [InlineData("take_int16", "-32768", "-32768")]
    [InlineData("take_u_int16", "65535", "65535")]
    [InlineData("take_int32", "-2147483648", "-2147483648")]
    [InlineData("take_int32", "1.0", "1")]
    [InlineData("take_int32", "1e3", "1000")]
    [InlineData("take_u_int32", "4294967295", "4294967295")]
    [InlineData("take_int64", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("take_int64", "9223372036854775807.0", "9223372036854775807")]
    [InlineData("take_u_int64", "18446744073709551615", "18446744073709551615")]
    [InlineData("take_u_int64", "0", "0")]
    [InlineData("take_u_int64", "2e3", "2000")]
    [InlineData("take_single", "0.1", "0.1")]
    [InlineData("take_double", "-1.7976931348623157E+308", "-1.7976931348623157E+308")]
    [InlineData("take_decimal", "79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("take_char", "\"\\u00df\"", "ß")]
    [InlineData("take_guid", "\"C2F41ED5-6a1c-4f5c-8d5f-0f6f8c1f3d70\"", "c2f41ed5-6a1c-4f5c-8d5f-0f6f8c1f3d70")]
    [InlineData("take_date_time", "\"2026-07-28T09:30:00Z\"", "2026-07-28T09:30:00Z")]
    [InlineData("take_date_time", "\"2026-07-28\"", "2026-07-28T00:00:00")]
    [InlineData("take_date_time_offset", "\"2026-07-28T09:30:00.25+02:00\"", "2026-07-28T09:30:00.25+02:00")]
    [InlineData("take_date_only", "\"2026-07-28\"", "2026-07-28")]
    [InlineData("take_time_only", "\"09:30:00\"", "09:30:00")]
    [InlineData("take_time_only", "\"23:59:59.9999999\"", "23:59:59.9999999")]
    [InlineData("take_time_span", "\"-1.02:03:04.5\"", "-1.02:03:04.5000000")]
    [InlineData("take_time_span", "\"00:00:01\"", "00:00:01")]
    [InlineData("take_uri", "\"https://example.org/a?b\"", "https://example.org/a?b")]
    [InlineData("take_bytes", "\"AQL/\"", "0102FF")]
    [InlineData("take_bytes", "\"\"", "")]
    [InlineData("take_enum", "\"Fahrenheit\"", "Fahrenheit")]
    [InlineData("take_enum", "\"fAHRENHEIT\"", "Fahrenheit")]
    [InlineData("take_enum", "\"absolute scale\"", "absolute scale")]
    [InlineData("take_enum", "\"default\"", "default")]
    [InlineData("take_nullable_string", "null", "null")]
    [InlineData("take_nullable_string", "\"x\"", "x")]
    [InlineData("take_nullable_int32", "null", null)]
    [InlineData("take_nullable_int32", "7", "7")]
    [InlineData("take_nullable_enum", "null", null)]
    [InlineData("take_nullable_enum", "\"Celsius\"", "Celsius")]
    [InlineData("take_nullable_uri", "null", null)]
    [InlineData("take_nullable_uri", "\"urn:a:b\"", "urn:a:b")]
    [InlineData("take_nullable_bytes", "null", "null")]
    [InlineData("take_nullable_bytes", "\"AQ==\"", "01")]
    public async Task Value_reaches_the_method(string tool, string json, string? text) =>
        Assert.Equal(text, await Server.TextAsync(tool, $$"""{"other":{"value":[1]},"value":{{json}}}"""));

    [Theory]
    [InlineData("take_string", "1", "Argument \"value\" must be a string; found 1.")]
    [InlineData("take_string", "null", "Argument \"value\" must be a string; found null.")]
    [InlineData("take_string", "{\"a\":[1]}", "Argument \"value\" must be a string; found an object.")]
    [InlineData("take_string", "\"\\ud800\"", "Argument \"value\" must be valid text; found an escape for half a character (a lone surrogate).")]
    [InlineData("take_bool", "\"true\"", "Argument \"value\" must be true or false; found a string.")]
    [InlineData("take_bool", "null", "Argument \"value\" must be true or false; found null.")]
    [InlineData("take_s_byte", "128", "Argument \"value\" must be an integer from -128 to 127; found 128.")]
    [InlineData("take_byte", "-1", "Argument \"value\" must be an integer from 0 to 255; found -1.")]
    [InlineData("take_int16", "32768", "Argument \"value\" must be an integer from -32768 to 32767; found 32768.")]
    [InlineData("take_u_int16", "65536", "Argument \"value\" must be an integer from 0 to 65535; found 65536.")]
    [InlineData("take_int32", "2147483648", "Argument \"value\" must be an integer from -2147483648 to 2147483647; found 2147483648.")]
    [InlineData("take_int32", "1.5", "Argument \"value\" must be an integer from -2147483648 to 2147483647; found 1.5.")]
    [InlineData("take_int32", "\"1\"", "Argument \"value\" must be an integer from -2147483648 to 2147483647; found a string.")]
    [InlineData("take_u_int32", "4294967296", "Argument \"value\" must be an integer from 0 to 4294967295; found 4294967296.")]
    [InlineData("take_int64", "9223372036854775808", "Argument \"value\" must be an integer of 64 bits; found 9223372036854775808.")]
    [InlineData("take_u_int64", "-1", "Argument \"value\" must be an integer from 0 to 18446744073709551615; found -1.")]
    [InlineData("take_u_int64", "18446744073709551616", "Argument \"value\" must be an integer from 0 to 18446744073709551615; found 18446744073709551616.")]
    [InlineData("take_single", "1e39", "Argument \"value\" must be a number from -3.4028235E+38 to 3.4028235E+38; found 1e39.")]
    [InlineData("take_double", "1e999", "Argument \"value\" must be a number from -1.7976931348623157E+308 to 1.7976931348623157E+308; found 1e999.")]
    [InlineData("take_double", "[]", "Argument \"value\" must be a number from -1.7976931348623157E+308 to 1.7976931348623157E+308; found an array.")]
    [InlineData("take_decimal", "1e29", "Argument \"value\" must be a number from -79228162514264337593543950335 to 79228162514264337593543950335; found 1e29.")]
    [InlineData("take_char", "\"ab\"", "Argument \"value\" must be one character; found other text.")]
    [InlineData("take_char", "\"\"", "Argument \"value\" must be one character; found other text.")]
    [InlineData("take_guid", "\"c2f41ed56a1c4f5c8d5f0f6f8c1f3d70\"", "Argument \"value\" must be a UUID with hyphens; found other text.")]
    [InlineData("take_date_time", "\"yesterday\"", "Argument \"value\" must be a date and time such as 2026-07-28T09:30:00Z; found other text.")]
    [InlineData("take_date_time_offset", "1", "Argument \"value\" must be a date and time such as 2026-07-28T09:30:00Z; found 1.")]
    [InlineData("take_date_only", "\"2026-02-30\"", "Argument \"value\" must be a date such as 2026-07-28; found other text.")]
    [InlineData("take_time_only", "\"24:00:00\"", "Argument \"value\" must be a time of day such as 09:30:00; found other text.")]
    [InlineData("take_time_only", "\"09:30\"", "Argument \"value\" must be a time of day such as 09:30:00; found other text.")]
    [InlineData("take_time_span", "\"5\"", "Argument \"value\" must be a span of time such as 1.02:03:04.5; found other text.")]
    [InlineData("take_time_span", "\" 00:00:01\"", "Argument \"value\" must be a span of time such as 1.02:03:04.5; found other text.")]
    [InlineData("take_uri", "\"/etc/passwd\"", "Argument \"value\" must be an absolute URI such as https://example.org/; found other text.")]
    [InlineData("take_bytes", "\"A\"", "Argument \"value\" must be bytes in base64; found other text.")]
    [InlineData("take_bytes", "\"\\ud800\"", "Argument \"value\" must be valid text; found an escape for half a character (a lone surrogate).")]
    [InlineData("take_enum", "\"Rankine\"", "Argument \"value\" must be one of Celsius, Fahrenheit, absolute scale, default; found other text.")]
    [InlineData("take_enum", "1", "Argument \"value\" must be one of Celsius, Fahrenheit, absolute scale, default; found 1.")]
    [InlineData("take_nullable_int32", "true", "Argument \"value\" must be an integer from -2147483648 to 2147483647; found true.")]
    public async Task Wrong_value_is_refused(string tool, string json, string message) =>
        Assert.StartsWith(message, await Server.RefusalAsync(tool, $$"""{"value":{{json}}}"""));

    [Theory]
    [InlineData("take_string")]
    [InlineData("take_nullable_string")]
    [InlineData("take_nullable_int32")]
    public async Task Argument_without_default_is_required(string tool) =>
        Assert.Equal("Argument \"value\" is required.", await Server.RefusalAsync(tool, """{"other":1}"""));

    [Fact]
    public async Task Defaults_stand_in_for_what_is_left_out()
    {
        Assert.Equal("a\"b\\\u2028\n|-3|1E-07|Kelvin|True|'", await Server.TextAsync("take_optional"));
        Assert.Equal("x|4|0.5|Celsius|False|c", await Server.TextAsync("take_optional", """{"letter":"c","yes":false,"unit":"celsius","ratio":0.5,"number":4,"text":"x"}"""));
        Assert.Equal(
            "null|5|null|00000000-0000-0000-0000-000000000000|1.50|18446744073709551615|NaN|-9223372036854775808", await Server.TextAsync("take_optional_nullable"));
        Assert.StartsWith("null|null|Kelvin|", await Server.TextAsync("take_optional_nullable", """{"number":null,"unit":"absolute scale"}"""), StringComparison.Ordinal);
        Assert.Equal("Kelvin|Friday", await Server.TextAsync("take_two_enums", """{"result":"absolute scale"}"""));
    }

    [Fact]
    public async Task Null_is_refused_where_only_the_default_may_stand_in() =>
        Assert.StartsWith("Argument \"number\" must be an integer", await Server.RefusalAsync("take_optional", """{"number":null}"""), StringComparison.Ordinal);

    [Fact]
    public async Task Parameters_may_have_the_names_of_generated_locals() =>
        Assert.Equal("1|2|3|4|5|6|7|d", await Server.TextAsync(
            "take_keywords", """{"ioMode":"7","error":"6","hasCall":"5","tools":"4","arguments":"3","call":"2","class":"1"}"""));

    [Fact]
    public async Task Escaped_name_is_the_same_name() => Assert.Equal("<x>", await Server.TextAsync("take_string", """{"\u0076alue":"x"}"""));

    [Theory]
    [InlineData("take_string", """{"type":"string"}""")]
    [InlineData("take_bool", """{"type":"boolean"}""")]
    [InlineData("take_s_byte", """{"type":"integer","minimum":-128,"maximum":127}""")]
    [InlineData("take_u_int16", """{"type":"integer","minimum":0,"maximum":65535}""")]
    [InlineData("take_int32", """{"type":"integer"}""")]
    [InlineData("take_u_int64", """{"type":"integer","minimum":0}""")]
    [InlineData("take_decimal", """{"type":"number"}""")]
    [InlineData("take_char", """{"type":"string","minLength":1,"maxLength":1}""")]
    [InlineData("take_guid", """{"type":"string","format":"uuid"}""")]
    [InlineData("take_date_time", """{"type":"string","format":"date-time"}""")]
    [InlineData("take_date_only", """{"type":"string","format":"date"}""")]
    [InlineData("take_time_only", """{"type":"string","pattern":"^\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,7})?$"}""")]
    [InlineData("take_uri", """{"type":"string","format":"uri"}""")]
    [InlineData("take_bytes", """{"type":"string","contentEncoding":"base64"}""")]
    [InlineData("take_enum", """{"type":"string","enum":["Celsius","Fahrenheit","absolute scale","default"]}""")]
    [InlineData("take_nullable_int32", """{"type":["integer","null"]}""")]
    [InlineData("take_nullable_enum", """{"type":["string","null"],"enum":["Celsius","Fahrenheit","absolute scale","default",null]}""")]
    public void Schema_says_what_is_read(string tool, string property) =>
        Assert.Equal($$$"""{"type":"object","properties":{"value":{{{property}}}},"required":["value"]}""", Server.Schema(tool));

    [Fact]
    public void Schema_holds_defaults_and_requires_only_the_rest()
    {
        using var schema = JsonDocument.Parse(Server.Schema("take_optional"));
        Assert.False(schema.RootElement.TryGetProperty("required", out _));
        Assert.Equal("a\"b\\\u2028\n", Server.Property("take_optional", "text").GetProperty("default").GetString());
        Assert.Equal(1e-7, Server.Property("take_optional", "ratio").GetProperty("default").GetDouble());
        Assert.Equal("absolute scale", Server.Property("take_optional", "unit").GetProperty("default").GetString());
        Assert.Equal("1.50", Server.Property("take_optional_nullable", "price").GetProperty("default").GetRawText());
        Assert.Equal(JsonValueKind.Null, Server.Property("take_optional_nullable", "text").GetProperty("default").ValueKind);
        Assert.False(Server.Property("take_optional_nullable", "nan").TryGetProperty("default", out _));
        Assert.False(Server.Property("take_optional_nullable", "id").TryGetProperty("default", out _));
    }

    [Fact]
    public void Description_attribute_wins()
    {
        Assert.Equal("Described.", Server.Server.Tools.Single(static tool => tool.Name == "take_described").Description);
        Assert.Equal("From the attribute.", Server.Property("take_described", "first").GetProperty("description").GetString());
    }
}
