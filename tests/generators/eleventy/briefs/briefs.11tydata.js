module.exports = { layout: "brief.liquid" };
